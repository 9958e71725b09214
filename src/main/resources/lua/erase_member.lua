--[[
erase_member: forgets who a winner of an archived campaign was. His coupon stays, under a name that is made of its code:
so the ledger, which makes the same one, agrees without being asked, and nobody who does not know the code can be
called so.

KEYS   1 campaign  2 participants   (as in claim_coupons)
ARGV
  1  member

REPLY
  'ERASED'     the record stands under 'erased-' and the SHA-1 of the code, in hexadecimal
  'UNKNOWN'    the member has no record; the marker is written over with its own value, so that the WAIT that follows on
               this connection has something to wait for: the record may have been renamed a moment ago
  'FORGOTTEN'  the retention of the campaign has ended, and with it all records; nothing is written
  'ABSENT'     the campaign is not archived, suspended or damaged; nothing is written
]]
local campaign_key, participants_key = unpack(KEYS)
local member = ARGV[1]

if #KEYS ~= 2 or #ARGV ~= 1 or #member < 1 or #member > 128 then
    return redis.error_reply('ERR erase_member: bad arguments')
end
local fields = redis.call('HMGET', campaign_key, 'state', 'retainedUntil')
local retained_until = tonumber(fields[2] or '')
if fields[1] ~= 'ARCHIVED' or not retained_until then
    return 'ABSENT'
end
local time = redis.call('TIME')
if time[1] * 1000 + math.floor(time[2] / 1000) >= retained_until then
    return 'FORGOTTEN'
end
if redis.call('HEXISTS', participants_key, '') == 0 then
    return 'ABSENT'
end

local record = redis.call('HGET', participants_key, member)
if not record then
    redis.call('HSET', participants_key, '', redis.call('HGET', participants_key, ''))
    return 'UNKNOWN'
end
local code = string.match(record, '^%d+:(%x+):%d+:%d+:%u+$')
if not code then
    return 'ABSENT'
end
local name = 'erased-' .. redis.sha1hex(code)
redis.call('HSET', participants_key, name, record)
if name ~= member then
    redis.call('HDEL', participants_key, member)
end
return 'ERASED'
