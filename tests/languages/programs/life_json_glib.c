// cc life_json_glib.c $(pkg-config --cflags --libs json-glib-1.0 gio-2.0) && ./a.out HOST PORT NOTATION TEXT
#include <gio/gio.h>
#include <json-glib/json-glib.h>

static JsonObject *ask(GSocketConnection *tg, const char *request) {
  char *line = g_strdup_printf("%s\n", request);
  g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(tg)), line, strlen(line), NULL, NULL, NULL);
  GDataInputStream *in = g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(tg)));
  g_filter_input_stream_set_close_base_stream(G_FILTER_INPUT_STREAM(in), FALSE);
  char *reply = g_data_input_stream_read_line(in, NULL, NULL, NULL);
  GError *why = NULL;
  JsonNode *node = json_from_string(reply, &why);
  if (!node) g_error("%s", why->message);
  return json_node_get_object(node);
}
static GSocketConnection *dial(char **args) {
  return g_socket_client_connect_to_host(g_socket_client_new(), args[1], atoi(args[2]), NULL, NULL);
}
static char *text_of(JsonObject *of, const char *name) {
  return json_to_string(json_object_get_member(of, name), FALSE);
}
int main(int count, char **args) {
  if (count != 5) return 2;
  char *options = g_strdup_printf("\"options\":{\"json\":\"%s\",\"updates\":false}", args[3]);
  GSocketConnection *tg = dial(args);
  ask(tg, g_strdup_printf("{%s,\"signin\":{\"phone\":\"9996620001\"}}", options));
  char *saved = text_of(ask(tg, "{\"signin\":{\"code\":\"22222\"}}"), "session");
  g_io_stream_close(G_IO_STREAM(tg), NULL, NULL), tg = dial(args);
  saved = json_to_string(json_from_string(saved, NULL), FALSE);
  ask(tg, g_strdup_printf("{%s,\"session\":%s}", options, saved));
  JsonObject *found = ask(tg, "{\"message\":{\"_cons\":\"contacts.resolveUsername\",\"username\":\"echobot\"}}");
  JsonArray *users = json_object_get_array_member(json_object_get_object_member(found, "message"), "users");
  JsonObject *user = json_array_get_object_element(users, 0);
  JsonObject *reply = ask(tg, g_strdup_printf("{\"message\":{\"_cons\":\"messages.sendMessage\",\"message\":\"%s\","
      "\"peer\":{\"_cons\":\"inputPeerUser\",\"user_id\":%s,\"access_hash\":%s}}}",
      args[4], text_of(user, "id"), text_of(user, "access_hash")));
  return puts(text_of(reply, "message")) < 0;
}
