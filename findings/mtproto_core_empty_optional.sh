#!/bin/sh
# @mtproto/core 6.3.0 (npm) leaves out an optional field that is there, when its value is "", false or 0.
#
# TL marks presence with a bit, so `about:flags.2?string` can be absent ("leave it as it is") or empty
# ("clear it"). GramJS (telegram 2.26.22) keeps the two apart. @mtproto/core decides by whether JavaScript
# takes the value for true: account.updateProfile {about: ''} is, byte for byte, the request that changes
# nothing, and phone.toggleGroupCallSettings {join_muted: false} cannot switch the setting off.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtproto/core@6.3.0 telegram@2.26.22 || exit 77

cat >try.cjs <<'END'
const Serializer = require('@mtproto/core/src/tl/serializer');
const methods = require('@mtproto/core/src/tl/builder');
const { Api } = require('telegram');

const core = (name, fields) => Buffer.from(new Serializer(methods[name], fields).getBytes()).toString('hex');
const call = { _: 'inputGroupCall', id: '1', access_hash: '2' };
const gramCall = new Api.InputGroupCall({ id: 1, accessHash: 2 });
const gram = (request) => request.getBytes().toString('hex');
const rows = {
  "account.updateProfile {about: ''}": [
    core('account.updateProfile', { about: '' }), core('account.updateProfile', {}),
    gram(new Api.account.UpdateProfile({ about: '' })), gram(new Api.account.UpdateProfile({}))],
  'phone.toggleGroupCallSettings {join_muted: false}': [
    core('phone.toggleGroupCallSettings', { call, join_muted: false }),
    core('phone.toggleGroupCallSettings', { call }),
    gram(new Api.phone.ToggleGroupCallSettings({ call: gramCall, joinMuted: false })),
    gram(new Api.phone.ToggleGroupCallSettings({ call: gramCall }))],
  'messages.editMessage {schedule_date: 0}': [
    core('messages.editMessage', { peer: { _: 'inputPeerSelf' }, id: 1, schedule_date: 0 }),
    core('messages.editMessage', { peer: { _: 'inputPeerSelf' }, id: 1 }),
    gram(new Api.messages.EditMessage({ peer: new Api.InputPeerSelf(), id: 1, scheduleDate: 0 })),
    gram(new Api.messages.EditMessage({ peer: new Api.InputPeerSelf(), id: 1 }))],
};
for (const [request, [given, without, gramGiven, gramWithout]] of Object.entries(rows)) {
  console.log(request);
  console.log(`  @mtproto/core  ${given}\n    without it   ${without}`);
  console.log(`  GramJS         ${gramGiven}\n    without it   ${gramWithout}`);
  if (given !== without || gramGiven === gramWithout) process.exitCode = 1;
}
END
node try.cjs
echo 'as found'

# Seen:
# account.updateProfile {about: ''}
#   @mtproto/core  7557517800000000
#     without it   7557517800000000
#   GramJS         755751780400000000000000
#     without it   7557517800000000
