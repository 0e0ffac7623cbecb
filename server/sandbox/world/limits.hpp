// How large the world may grow. Nothing a client does makes it grow beyond.
#pragma once

#include <cstddef>
#include <cstdint>

namespace server::sandbox::limits {

inline constexpr std::size_t text = 4096;     // of a message, UTF-16 units
inline constexpr std::size_t caption = 1024;  // of a medium, UTF-16 units
inline constexpr std::size_t entities = 100;  // of a message
inline constexpr std::size_t name = 64;
inline constexpr std::size_t title = 128;
inline constexpr std::size_t about = 70;
inline constexpr std::size_t channel_about = 255;
inline constexpr std::size_t members = 200;  // of a basic group
inline constexpr std::size_t chats = 20'000;
inline constexpr std::size_t channels = 5'000;
inline constexpr std::size_t channel_members = 10'000;
inline constexpr std::size_t channels_of_a_user = 500;
inline constexpr std::size_t banned = 10'000;    // of a channel
inline constexpr std::size_t admins = 50;        // of a channel
inline constexpr std::size_t callbacks = 1'000;  // buttons that wait for their bot
inline constexpr std::size_t buttons = 100;      // of a message
inline constexpr std::size_t button_data = 64;
inline constexpr std::size_t commands = 100;  // of a bot, in a scope
inline constexpr std::size_t command_scopes = 50;
inline constexpr std::size_t poll_choices = 12;
inline constexpr std::size_t poll_question = 255;
inline constexpr std::size_t poll_choice = 100;
inline constexpr std::size_t poll_solution = 200;
inline constexpr std::size_t poll_votes = 10'000;
inline constexpr std::size_t scheduled_in_chat = 100;
inline constexpr std::size_t scheduled = 50'000;
inline constexpr std::size_t folders = 30;
inline constexpr std::size_t folder_title = 12;
inline constexpr std::size_t rank = 16;         // an administrator's title
inline constexpr std::size_t contacts = 5'000;  // of an account
inline constexpr std::size_t blocked = 5'000;   // by an account
inline constexpr std::size_t privacy = 1'000;   // rules, users and chats of one setting
inline constexpr std::size_t invite_title = 32;
inline constexpr std::size_t viewers = 10'000;  // of a post
inline constexpr std::size_t invites = 100;     // to a group or channel, those of the past, too
inline constexpr std::size_t page = 100;        // objects in one answer
inline constexpr std::size_t messages_per_box = 50'000;
inline constexpr std::size_t messages = 2'000'000;  // in all boxes
inline constexpr std::size_t events_per_box = 10'000;
inline constexpr std::size_t random_ids_per_box = 4'096;
inline constexpr std::size_t file_bytes = std::size_t{256} << 20;  // uploads and files
inline constexpr std::size_t file_part = std::size_t{512} << 10;
inline constexpr std::int32_t file_parts = 4'000;
inline constexpr std::size_t files = 100'000;
inline constexpr std::size_t codes = 10'000;  // asked for and not used
inline constexpr std::size_t keys = 200'000;
inline constexpr std::size_t sessions_per_key = 64;
inline constexpr std::size_t actions = 1'000'000;  // of bots, to come

}  // namespace server::sandbox::limits
