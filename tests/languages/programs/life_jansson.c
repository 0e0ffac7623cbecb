// cc life_jansson.c -ljansson && ./a.out HOST PORT NOTATION TEXT
#include <jansson.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>

static FILE *dial(const char *host, const char *port) {
  struct addrinfo *to, hints = {.ai_socktype = SOCK_STREAM};
  if (getaddrinfo(host, port, &hints, &to)) exit(1);
  int fd = socket(to->ai_family, SOCK_STREAM, 0);
  if (connect(fd, to->ai_addr, to->ai_addrlen)) exit(1);
  return fdopen(fd, "r+");
}
static json_t *ask(FILE *tg, json_t *request) {
  json_error_t why;
  json_dumpf(request, tg, JSON_COMPACT), fputc('\n', tg), fflush(tg);
  json_t *reply = json_loadf(tg, JSON_DISABLE_EOF_CHECK, &why);
  if (!reply) fprintf(stderr, "%s\n", why.text), exit(1);
  fgetc(tg);  // the line's end
  return reply;
}
int main(int count, char **args) {
  if (count != 5) return 2;
  json_t *options = json_pack("{s:s,s:b}", "json", args[3], "updates", 0);
  FILE *tg = dial(args[1], args[2]);
  ask(tg, json_pack("{s:O,s:{s:s}}", "options", options, "signin", "phone", "9996620001"));
  json_t *done = ask(tg, json_pack("{s:{s:s}}", "signin", "code", "22222"));
  char *saved = json_dumps(json_object_get(done, "session"), 0);
  fclose(tg), tg = dial(args[1], args[2]);
  ask(tg, json_pack("{s:O,s:o}", "options", options, "session", json_loads(saved, 0, NULL)));
  json_t *found = ask(tg, json_pack("{s:{s:s,s:s}}", "message", "_cons", "contacts.resolveUsername", "username", "echobot"));
  json_t *user = json_array_get(json_object_get(json_object_get(found, "message"), "users"), 0);
  json_t *peer = json_pack("{s:s,s:O,s:O}", "_cons", "inputPeerUser", "user_id", json_object_get(user, "id"), "access_hash", json_object_get(user, "access_hash"));
  json_t *reply = ask(tg, json_pack("{s:{s:s,s:o,s:s}}", "message", "_cons", "messages.sendMessage", "peer", peer, "message", args[4]));
  return json_dumpf(reply, stdout, JSON_COMPACT);
}
