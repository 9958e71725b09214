--[[
restore_participants: gives a suspended campaign winners back that it has lost, as the ledger has them.

KEYS   1 campaign  2 participants   (as in claim_coupons)
ARGV
  1   token   of begin_rebuild
  2   lease   ms, as in begin_rebuild
  3…  member, record, member, record, …   at most 1000 pairs; the record as in participants, or '' for a member whose
      record cannot be read and who is in no ledger, or '-' and a serial for one whose coupon of this serial is in no
      ledger

REPLY
  'RESTORED'  each member has a record that can be read, or none where '' was given, or another than that of the serial
  'OUTLIVED'  the campaign is not suspended, or the token is not that of a rebuild on this server; nothing is written

A record that is there stays as it is, with two exceptions: one that cannot be read is replaced, and a coupon that the
ledger knows to be revoked is revoked here, too.
]]
local campaign_key, participants_key = unpack(KEYS)
local token, lease = ARGV[1], tonumber(ARGV[2])

if #KEYS ~= 2 or not lease or #ARGV < 2 or #ARGV > 2002 or #ARGV % 2 ~= 0 then
    return redis.error_reply('ERR restore_participants: bad arguments')
end
local fields = redis.call('HMGET', campaign_key, 'state', 'rebuilder')
local home = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
if fields[1] ~= 'RECOVERING' or not home or fields[2] ~= token .. '@' .. home then
    return 'OUTLIVED'
end
local time = redis.call('TIME')
redis.call('HSET', campaign_key,
    'rebuilderUntil', string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000) + lease))

for i = 3, #ARGV, 2 do
    local member, record = ARGV[i], ARGV[i + 1]
    local stored = redis.call('HGET', participants_key, member)
    local code, status = string.match(stored or '', '^%d+:(%x+):%d+:%d+:(%u+)$')
    local readable = (status == 'ISSUED' or status == 'REVOKED') and #code == 20
    if record == '' then
        if stored and not readable then
            redis.call('HDEL', participants_key, member)
        end
    elseif string.sub(record, 1, 1) == '-' then
        if stored and string.match(stored, '^(%d+):') == string.sub(record, 2) then
            redis.call('HDEL', participants_key, member)
        end
    elseif not readable then
        redis.call('HSET', participants_key, member, record)
    elseif status == 'ISSUED' and string.match(record, '^%d+:') == string.match(stored, '^%d+:')
        and string.find(record, ':REVOKED', 1, true) then
        redis.call('HSET', participants_key, member, record)
    end
end
return 'RESTORED'
