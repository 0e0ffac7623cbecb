// libsoup 3. The option is `soup_websocket_connection_set_max_incoming_payload_size`.
#include <libsoup/soup.h>
#include <stdlib.h>

static char **args;
static int count;
static GMainLoop *loop;

static void on_message(SoupWebsocketConnection *tg, SoupWebsocketDataType type, GBytes *message, gpointer data) {
  g_print("%zu\n", g_bytes_get_size(message));
  g_main_loop_quit(loop);
}
static void on_closed(SoupWebsocketConnection *tg, gpointer data) {
  g_printerr("closed\n");
  g_main_loop_quit(loop);
}
static void on_connected(GObject *session, GAsyncResult *result, gpointer data) {
  GError *why = NULL;
  SoupWebsocketConnection *tg = soup_session_websocket_connect_finish(SOUP_SESSION(session), result, &why);
  if (!tg) g_printerr("%s\n", why->message), exit(1);
  if (count > 3) soup_websocket_connection_set_max_incoming_payload_size(tg, 0);
  g_signal_connect(tg, "message", G_CALLBACK(on_message), NULL);
  g_signal_connect(tg, "closed", G_CALLBACK(on_closed), NULL);
  char *body = g_strnfill(atoi(args[2]), 'x');
  soup_websocket_connection_send_text(tg, g_strdup_printf("{\"options\":{},\"@extra\":\"%s\"}", body));
}
int main(int argc, char **argv) {
  args = argv, count = argc, loop = g_main_loop_new(NULL, FALSE);
  soup_session_websocket_connect_async(soup_session_new(), soup_message_new("GET", args[1]), NULL, NULL, 0, NULL, on_connected, NULL);
  g_main_loop_run(loop);
}
