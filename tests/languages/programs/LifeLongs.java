// java -cp /usr/share/java/gson.jar LifeLongs.java HOST PORT NOTATION TEXT
import com.google.gson.*;
import java.io.*;
import java.net.Socket;
import java.util.*;

class LifeLongs {
  static final Gson gson = new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();

  static Map ask(Socket tg, Map request) throws IOException {
    tg.getOutputStream().write((gson.toJson(request) + "\n").getBytes("UTF-8"));
    var line = new ByteArrayOutputStream();
    for (int c; (c = tg.getInputStream().read()) > 0 && c != '\n';) line.write(c);
    return gson.fromJson(line.toString("UTF-8"), Map.class);
  }

  public static void main(String[] args) throws IOException {
    var options = Map.of("json", args[2], "updates", false);
    var tg = new Socket(args[0], Integer.parseInt(args[1]));
    ask(tg, Map.of("options", options, "signin", Map.of("phone", "9996620001")));
    var saved = gson.toJson(ask(tg, Map.of("signin", Map.of("code", "22222"))).get("session"));
    tg.close();

    tg = new Socket(args[0], Integer.parseInt(args[1]));
    ask(tg, Map.of("options", options, "session", gson.fromJson(saved, Map.class)));
    var found = ask(tg, Map.of("message", Map.of("_cons", "contacts.resolveUsername", "username", "echobot")));
    var user = (Map) ((List) ((Map) found.get("message")).get("users")).get(0);
    var peer = Map.of("_cons", "inputPeerUser", "user_id", user.get("id"), "access_hash", user.get("access_hash"));
    var reply = ask(tg, Map.of("message", Map.of("_cons", "messages.sendMessage", "peer", peer, "message", args[3])));
    System.out.println(gson.toJson(reply));
  }
}
