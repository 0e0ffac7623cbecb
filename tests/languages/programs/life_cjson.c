// cc life_cjson.c -lcjson && ./a.out HOST PORT NOTATION TEXT
#include <cjson/cJSON.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static FILE *dial(const char *host, const char *port) {
  struct addrinfo *to, hints = {.ai_socktype = SOCK_STREAM};
  if (getaddrinfo(host, port, &hints, &to)) exit(1);
  int fd = socket(to->ai_family, SOCK_STREAM, 0);
  if (connect(fd, to->ai_addr, to->ai_addrlen)) exit(1);
  return fdopen(fd, "r+");
}
static cJSON *ask(FILE *tg, cJSON *options, const char *name, cJSON *what) {
  cJSON *request = cJSON_CreateObject(), *reply;
  char *line = NULL; size_t room = 0;
  if (options) cJSON_AddItemReferenceToObject(request, "options", options);
  cJSON_AddItemToObject(request, name, what);
  fprintf(tg, "%s\n", cJSON_PrintUnformatted(request)), fflush(tg);
  if (getline(&line, &room, tg) < 0 || !(reply = cJSON_Parse(line))) exit(1);
  return reply;
}
int main(int count, char **args) {
  cJSON *options = cJSON_CreateObject(), *peer = cJSON_CreateObject(), *send = cJSON_CreateObject();
  cJSON_AddStringToObject(options, "json", args[3]), cJSON_AddFalseToObject(options, "updates");
  FILE *tg = dial(args[1], args[2]);
  ask(tg, options, "signin", cJSON_Parse("{\"phone\":\"9996620001\"}"));
  char *saved = cJSON_Print(cJSON_GetObjectItem(ask(tg, NULL, "signin", cJSON_Parse("{\"code\":\"22222\"}")), "session"));
  fclose(tg), tg = dial(args[1], args[2]);
  ask(tg, options, "session", cJSON_Parse(saved));
  cJSON *found = ask(tg, NULL, "message", cJSON_Parse("{\"_cons\":\"contacts.resolveUsername\",\"username\":\"echobot\"}"));
  cJSON *user = cJSON_GetArrayItem(cJSON_GetObjectItem(cJSON_GetObjectItem(found, "message"), "users"), 0);
  cJSON_AddStringToObject(peer, "_cons", "inputPeerUser");
  cJSON_AddItemToObject(peer, "user_id", cJSON_Duplicate(cJSON_GetObjectItem(user, "id"), 1));
  cJSON_AddItemToObject(peer, "access_hash", cJSON_Duplicate(cJSON_GetObjectItem(user, "access_hash"), 1));
  cJSON_AddStringToObject(send, "_cons", "messages.sendMessage"), cJSON_AddStringToObject(send, "message", args[4]);
  cJSON_AddItemToObject(send, "peer", peer);
  return puts(cJSON_PrintUnformatted(ask(tg, NULL, "message", send))) < 0;
}
