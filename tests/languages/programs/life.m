% octave --no-gui life.m HOST PORT NOTATION TEXT   (sockets are not in Octave itself: netcat has one)
1;
args = argv();

function reply = ask(tg, request)
  fputs(tg.in, [jsonencode(request) "\n"]);
  fflush(tg.in);
  line = "";
  while isempty(strfind(line, "\n"))
    part = fgets(tg.out);
    if ischar(part), line = [line part]; else, pause(0.01), fclear(tg.out); end
  end
  reply = jsondecode(line, "makeValidName", false);
end

function tg = dial(args)
  [tg.in, tg.out] = popen2("nc", {args{1}, args{2}});
end

options = struct("json", args{3}, "updates", false);

tg = dial(args);
ask(tg, struct("options", options, "signin", struct("phone", "9996620001")));
saved = jsonencode(ask(tg, struct("signin", struct("code", "22222"))).session);
fclose(tg.in);

tg = dial(args);
ask(tg, struct("options", options, "session", jsondecode(saved)));
found = ask(tg, struct("message", struct("_cons", "contacts.resolveUsername", "username", "echobot")));
users = found.message.users;
if iscell(users), user = users{1}; else, user = users(1); end
peer = struct("_cons", "inputPeerUser", "user_id", user.id, "access_hash", user.access_hash);
reply = ask(tg, struct("message", struct("_cons", "messages.sendMessage", "peer", peer, "message", args{4})));
printf("%s\n", jsonencode(reply));
