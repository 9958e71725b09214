--[[
republish_coupon: writes a winner to the outbox once more, under the present epoch, so that the relay carries the coupon
to the ledger.

KEYS   1 campaign  2 participants  3 outbox   (as in claim_coupons)
ARGV
  1  member
  2  serial
  3  code      of the coupon

REPLY, in order of precedence
  'ABSENT'    the campaign is not armed, a draft, suspended, damaged or not at home on this server, or has issued less
              than this serial; nothing is written
  'CHANGED'   the campaign is archived, or the member does not hold this coupon, or it was revoked; nothing is written
  'APPENDED'  written

WRITES
  outbox; campaign.published, from which it is taken off; and campaign.republished: '<serial>:<entry id>', the lowest
  serial that was written so and may still wait, and the last entry. The order of the outbox is not that of the serials
  any more, and published_serial has to know.
]]
local campaign_key, participants_key, outbox_key = unpack(KEYS)
local member, serial, code = ARGV[1] or '', ARGV[2] or '', ARGV[3] or ''

if #KEYS ~= 3 or #ARGV ~= 3 or #member < 1 or #member > 128 or not string.find(serial, '^%d+$')
    or not string.find(code, '^%x+$') then
    return redis.error_reply('ERR republish_coupon: bad arguments')
end
local server = redis.call('INFO', 'replication')
if not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY republish_coupon: not the primary')
end
local fields = redis.call('HMGET', campaign_key, 'state', 'home', 'epoch', 'issued', 'republished')
local state, epoch, issued = fields[1], tonumber(fields[3] or ''), tonumber(fields[4] or '')
if not (state and epoch and issued) or state == 'DRAFT' or state == 'RECOVERING'
    or fields[2] ~= string.match(server, 'master_replid:(%x+)') then
    return 'ABSENT'
end
if state == 'ARCHIVED' then
    return 'CHANGED'
end
if redis.call('HEXISTS', participants_key, '') == 0 or redis.call('TYPE', outbox_key).ok ~= 'stream'
    or tonumber(serial) > issued then
    return 'ABSENT'
end
local stored_serial, stored_code, issued_at, status =
    string.match(redis.call('HGET', participants_key, member) or '', '^(%d+):(%x+):(%d+):%d+:(%u+)$')
if stored_serial ~= serial or stored_code ~= code or status ~= 'ISSUED' then
    return 'CHANGED'
end

local lowest = tonumber(serial)
local oldest = redis.call('XRANGE', outbox_key, '-', '+', 'COUNT', 1)[1]
if oldest and fields[5] then
    -- What was written so before may still wait, unless the oldest entry is younger.
    local before, last, last_number = string.match(fields[5], '^(%d+):(%d+)-(%d+)$')
    local first, first_number = string.match(oldest[1], '^(%d+)-(%d+)$')
    first, last = tonumber(first), tonumber(last or '')
    if not last then
        lowest = 1
    elseif first < last or (first == last and tonumber(first_number) <= tonumber(last_number)) then
        lowest = math.min(lowest, tonumber(before))
    end
end
local id = redis.call('XADD', outbox_key, '*', 'member', member,
    'serial', serial, 'code', code, 'issuedAt', issued_at, 'epoch', fields[3])
redis.call('HSET', campaign_key, 'republished', string.format('%d:%s', lowest, id))
-- Taken off, unless it was lost before it was counted.
local published = tonumber(redis.call('HGET', campaign_key, 'published') or '')
local winners, waiting = redis.call('HLEN', participants_key) - 1, redis.call('XLEN', outbox_key) - 1
if published and published + waiting >= winners then
    redis.call('HINCRBY', campaign_key, 'published', -1)
end
return 'APPENDED'
