// A description of Telegram's as plain text: links and tags gone, entities read, `{@link RawUser}`
// as the name that it means.
#pragma once

#include <string>
#include <string_view>

namespace server::docs {

std::string doc_text(std::string_view html);

// `html` as a comment `/** … */` that nothing in it can end, each line behind `indent`; "" for "".
std::string doc_comment(std::string_view html, std::string_view indent);

}  // namespace server::docs
