// g++ -fPIC life_qt.cpp $(pkg-config --cflags --libs Qt5Network) && ./a.out HOST PORT NOTATION TEXT
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <cstdio>

static QJsonObject ask(QTcpSocket& tg, const QJsonObject& request) {
  tg.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + "\n");
  while (!tg.canReadLine() && tg.waitForReadyRead(10000)) {
  }
  return QJsonDocument::fromJson(tg.readLine()).object();
}

int main(int, char** args) {
  const auto port = static_cast<quint16>(QByteArray(args[2]).toUInt());
  const QJsonObject options{{"json", args[3]}, {"updates", false}};
  QTcpSocket tg;
  tg.connectToHost(args[1], port), tg.waitForConnected();
  ask(tg, {{"options", options}, {"signin", QJsonObject{{"phone", "9996620001"}}}});
  const auto done = ask(tg, {{"signin", QJsonObject{{"code", "22222"}}}});
  const auto saved = QJsonDocument(done["session"].toObject()).toJson();

  QTcpSocket again;
  tg.close(), again.connectToHost(args[1], port), again.waitForConnected();
  ask(again, {{"options", options}, {"session", QJsonDocument::fromJson(saved).object()}});
  const auto found = ask(
      again,
      {{"message", QJsonObject{{"_cons", "contacts.resolveUsername"}, {"username", "echobot"}}}});
  const auto user = found["message"].toObject()["users"].toArray()[0].toObject();
  const QJsonObject peer{
      {"_cons", "inputPeerUser"}, {"user_id", user["id"]}, {"access_hash", user["access_hash"]}};
  const auto reply =
      ask(again,
          {{"message",
            QJsonObject{{"_cons", "messages.sendMessage"}, {"peer", peer}, {"message", args[4]}}}});
  std::puts(QJsonDocument(reply).toJson(QJsonDocument::Compact));
}
