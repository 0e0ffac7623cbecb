# tclsh life.tcl HOST PORT NOTATION TEXT
package require json
package require json::write
json::write indented false

lassign $argv host port notation text

proc dial {} {
    set tg [socket $::host $::port]
    fconfigure $tg -buffering line -encoding utf-8
    return $tg
}
proc ask {tg request} { puts $tg $request; return [json::json2dict [gets $tg]] }
# Every member a string: Tcl's own values have no types.
proc object {members} {
    set strings {}
    dict for {key value} $members { lappend strings $key [json::write string $value] }
    return [json::write object {*}$strings]
}

set options [json::write object json [json::write string $notation] updates false]

set tg [dial]
ask $tg [json::write object options $options signin [object {phone 9996620001}]]
set saved [object [dict get [ask $tg [json::write object signin [object {code 22222}]]] session]]
close $tg

set tg [dial]
ask $tg [json::write object options $options session [object [json::json2dict $saved]]]
set found [ask $tg [json::write object message [object {_cons contacts.resolveUsername username echobot}]]]
set user [lindex [dict get $found message users] 0]
set peer [object [list _cons inputPeerUser user_id [dict get $user id] access_hash [dict get $user access_hash]]]
set message [json::write object _cons [json::write string messages.sendMessage] peer $peer \
    message [json::write string $text]]
puts $tg [json::write object message $message]
puts [gets $tg]
