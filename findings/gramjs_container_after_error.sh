#!/bin/sh
# GramJS (npm telegram 2.26.22) and teleproto 214.1.7 forget what follows an error in a container.
#
# A container may bring the answers to several requests. The error among them is given to its request and thrown
# as well, out of the loop over the container: the answers behind it are never read, and their requests wait for
# ever. Who adds an event handler before signing in meets it: users.getUsers, which these clients then call by
# themselves, is refused with AUTH_KEY_UNREGISTERED, and the answer to auth.sendCode beside it is lost.
# Here the two answers come in a container in either order, read by their own MTProtoSender.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 teleproto@214.1.7 || exit 77

cat >container.cjs <<'END'
const [, , library, order] = process.argv;
const { Api } = require(library);
const { MTProtoSender } = require(`${library}/network`);
const { RequestState } = require(`${library}/network/RequestState`);
const { Logger } = require(`${library}/extensions/Logger`);
const { RPCResult, TLMessage, MessageContainer } = require(`${library}/tl/core`);
const bigInt = require('big-integer');

const sender = new MTProtoSender(undefined, { logger: new Logger('none'), dcId: 2 });
const told = { refused: 'never', answered: 'never' };
const ask = (number, name, request) => {
  const state = new RequestState(request);
  state.msgId = bigInt(number);
  sender._pendingState.set(state.msgId, state);
  state.promise.then(() => (told[name] = 'an answer'), () => (told[name] = 'an error'));
};
ask(4, 'refused', new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));
ask(8, 'answered', new Api.auth.LogOut());
const results = {
  error: new RPCResult(bigInt(4), undefined, new Api.RpcError({ errorCode: 401, errorMessage: 'AUTH_KEY_UNREGISTERED' })),
  answer: new RPCResult(bigInt(8), new Api.auth.LoggedOut({}).getBytes(), undefined),
};
const messages = order.split(',').map((name, i) => new TLMessage(bigInt(21 + 4 * i), 1, results[name]));
sender._processMessage(new TLMessage(bigInt(41), 0, new MessageContainer(messages)))
  .catch(() => {})
  .then(() => new Promise((resolve) => setTimeout(resolve, 200)))
  .then(() => console.log(`${library}, ${order}: one request got ${told.refused}, the other ${told.answered}`));
END
for library in telegram teleproto; do
  for order in answer,error error,answer; do node container.cjs $library $order; done
done >out
cat out
diff - out <<'END'
telegram, answer,error: one request got an error, the other an answer
telegram, error,answer: one request got an error, the other never
teleproto, answer,error: one request got an error, the other an answer
teleproto, error,answer: one request got an error, the other never
END
echo 'as found'
