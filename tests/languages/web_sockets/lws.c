// libwebsockets. A message comes in pieces, so it has no bound; its examples name no port in `host` and `origin`.
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t size, got;
static int done;

static int on_event(struct lws *tg, enum lws_callback_reasons why, void *user, void *in, size_t length) {
  if (why == LWS_CALLBACK_CLIENT_ESTABLISHED) lws_callback_on_writable(tg);
  if (why == LWS_CALLBACK_CLIENT_WRITEABLE) {
    char *text = malloc(LWS_PRE + size + 100);
    int n = sprintf(text + LWS_PRE, "{\"options\":{},\"@extra\":\"");
    memset(text + LWS_PRE + n, 'x', size), strcpy(text + LWS_PRE + n + size, "\"}");
    lws_write(tg, (unsigned char *)text + LWS_PRE, n + size + 2, LWS_WRITE_TEXT);
  }
  if (why == LWS_CALLBACK_CLIENT_RECEIVE) {
    got += length;
    if (lws_is_final_fragment(tg)) printf("%zu\n", got), done = 1;
  }
  if (why == LWS_CALLBACK_CLIENT_CONNECTION_ERROR) fprintf(stderr, "%s\n", in ? (char *)in : "refused"), done = 1;
  if (why == LWS_CALLBACK_CLIENT_CLOSED) done = 1;
  return 0;
}
int main(int count, char **args) {
  static const struct lws_protocols protocols[] = {{"tg", on_event, 0, 65536}, {NULL, NULL, 0, 0}};
  struct lws_context_creation_info info = {.port = CONTEXT_PORT_NO_LISTEN, .protocols = protocols};
  const char *scheme, *address, *path;
  int port;
  lws_set_log_level(0, NULL);
  lws_parse_uri(args[1], &scheme, &address, &port, &path);
  size = atol(args[2]);
  struct lws_context *context = lws_create_context(&info);
  struct lws_client_connect_info to = {.context = context, .address = address, .port = port, .path = "/ws",
      .host = address, .origin = address};
  lws_client_connect_via_info(&to);
  while (!done && lws_service(context, 0) >= 0) {}
  return count > 9;
}
