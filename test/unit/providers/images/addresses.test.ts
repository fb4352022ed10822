// Addresses in every notation, and which may be asked: attacks on the table of networks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, readAddress, readNetwork } from '../../../../src/providers/images/addresses.ts';
import { reachOf } from '../../../../src/providers/images/reach.ts';

const KINDS: Readonly<Record<string, string>> = {
  public:
    '1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.0 100.63.255.255 100.128.0.0 223.255.255.255 198.17.1.1 2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b::808:808',
  private:
    '10.0.0.1 10.255.255.255 127.0.0.1 127.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 100.127.255.255 198.18.0.1 198.19.255.255 ::1 fc00::1 fd12:3456::1 fec0::1 ::ffff:10.0.0.1 ::ffff:7f00:1 64:ff9b::10.0.0.1 64:ff9b::a00:1',
  never:
    '0.0.0.0 0.1.2.3 169.254.169.254 169.254.0.1 192.0.0.192 192.0.2.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 100.100.100.200 168.63.129.16 ' +
    ':: fe80::1 febf::1 ff02::1 fd00:ec2::254 fd20:ce::254 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe 64:ff9b::169.254.169.254 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:a9fe:a9fe::1 2001::1 2001:db8::1 ::169.254.169.254 ::a9fe:a9fe ::7f00:1 100::1 5f00::1 3fff::1 4000::1 1::1',
};

test('each address is of its kind, however it is written', () => {
  for (const [kind, list] of Object.entries(KINDS)) {
    for (const text of list.split(' ')) {
      const address = readAddress(text);
      assert.ok(address !== undefined, text);
      assert.equal(kindOf(address), kind, text);
    }
  }
});

test('what is no address in its usual notation is none', () => {
  const none =
    '0177.0.0.1 2130706433 0x7f.0.0.1 127.1 1.2.3 1.2.3.4.5 256.1.1.1 1.2.3.-4 1..2.3 ::1::2 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 1:2:3:4:5:6:7::8 12345::1 g::1 ::1.2.3 fe80::1%eth0 localhost';
  for (const text of none.split(' ')) assert.equal(readAddress(text), undefined, text);
  for (const text of ['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', '/8', '10.0.0.0/-1', 'x/8'])
    assert.equal(readNetwork(text), undefined, text);
});

test('public addresses may be asked, private ones where they are named, the others whatever is named', () => {
  const closed = reachOf([]);
  assert.equal(closed.mayConnect('a.example', ['8.8.8.8', '2606:4700::1111']), true);
  assert.equal(closed.mayConnect('a.example', ['10.0.0.1']), false);
  assert.equal(closed.mayConnect('a.example', []), false);
  assert.equal(closed.mayConnect('a.example', ['8.8.8.8', '10.0.0.1']), false, 'one bad answer spoils the rest');
  const open = reachOf(['Images.Corp.example', '*.cdn.corp.example', '10.20.0.0/16', 'fd12::/16', '127.0.0.1']);
  assert.equal(open.mayConnect('images.corp.example.', ['10.1.1.1']), true);
  assert.equal(open.mayConnect('x.images.corp.example', ['10.1.1.1']), false);
  assert.equal(open.mayConnect('a.cdn.corp.example', ['192.168.1.1']), true);
  assert.equal(open.mayConnect('cdn.corp.example', ['192.168.1.1']), false);
  assert.equal(open.mayConnect('evilcdn.corp.example', ['192.168.1.1']), false);
  assert.equal(open.mayConnect('other.example', ['10.20.3.4', 'fd12::7', '127.0.0.1', '::ffff:10.20.3.4']), true);
  assert.equal(open.mayConnect('other.example', ['10.21.0.1']), false);
  const all = reachOf(['0.0.0.0/0', '::/0', 'metadata.google.internal', 'a.example']);
  assert.equal(all.mayConnect('a.example', ['10.0.0.1']), true);
  for (const address of KINDS['never']?.split(' ') ?? [])
    assert.equal(all.mayConnect('a.example', [address]), false, address);
  assert.equal(all.mayConnect('a.example', ['what']), false);
});

test('what tells a machine who it is is not even looked up', () => {
  const reach = reachOf(['metadata.google.internal']);
  const never =
    'metadata metadata.google.internal METADATA.Google.Internal. x.metadata.google.internal metadata.goog instance-data instance-data.ec2.internal metadata.azure.com';
  for (const host of never.split(' ')) assert.equal(reach.mayName(host), false, host);
  for (const host of ['metadata.example', 'mymetadata.google.internal', 'goog', 'a.example'])
    assert.equal(reach.mayName(host), true, host);
});
