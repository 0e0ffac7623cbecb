# What differs between the packages; read by cpack for each of them.
if(CPACK_GENERATOR STREQUAL "DEB")
  # /etc is beside /usr.
  set(CPACK_SET_DESTDIR ON)
  set(CPACK_INSTALL_PREFIX /usr)
endif()
