// Renderer: links into groups and channels, and their photos.
#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

Value Renderer::invite(const Invite& invite) {
  need(invite.admin);
  Fields out(make_, "chatInviteExported");
  out.flag("revoked", invite.revoked)
      .flag("permanent", invite.permanent)
      .text("link", invite.link())
      .number("admin_id", invite.admin.value())
      .number("date", invite.date);
  if (invite.expire_date != 0) out.number("expire_date", invite.expire_date);
  if (invite.usage_limit != 0) out.number("usage_limit", invite.usage_limit);
  if (invite.usage != 0) out.number("usage", invite.usage);
  if (!invite.title.empty()) out.text("title", invite.title);
  return out.done();
}

Value Renderer::chat_photo(const FilePtr& photo) const {
  if (!photo) return make_.object("chatPhotoEmpty", {});
  return make_.object(
      "chatPhoto", {{"photo_id", Value::integer(photo->id)}, {"dc_id", Value::integer(photo->dc)}});
}

}  // namespace server::sandbox
