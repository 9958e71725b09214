--[[
revoke_coupon: takes a coupon back from its winner, where claims are answered. The ledger is the truth about which
coupon that was, so a winner who is missing here is restored as one whose coupon was revoked: otherwise the member
could win a second time.

KEYS   1 campaign  2 participants   (as in claim_coupons)
ARGV
  1  member
  2  serial
  3  code      of the coupon
  4  issuedAt  ms since 1970
  5  epoch     in which it was issued

REPLY
  { outcome }
  { 'REMEMBERED', ms }  it is announced, because the campaign is sold out and nodes may answer from memory; to be made
               after so long
  'REVOKED'    the winner hears REVOKED from now on; the generation went up by one
  'CURRENT'    it was revoked before; the record is written over with its own value, so that the WAIT that follows on
               this connection has something to wait for
  'ANOTHER'    the member holds another coupon of this campaign; nothing is written
  'FORGOTTEN'  the campaign is archived and its retention has ended; nothing is written
  'ABSENT'     the campaign is not armed, suspended or damaged; nothing is written
]]
local MEMORY_MS, PATIENCE_MS = 250, 1000 -- as in claim_coupons

local campaign_key, participants_key = unpack(KEYS)
local serial, issued_at, epoch = tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5])

if #KEYS ~= 2 or #ARGV ~= 5 or not (serial and issued_at and epoch) or #ARGV[1] < 1 or #ARGV[1] > 128
    or not string.match(ARGV[3], '^%x+$') then
    return redis.error_reply('ERR revoke_coupon: bad arguments')
end
local fields = redis.call('HMGET', campaign_key, 'state', 'generation', 'issued', 'retainedUntil',
    'quantity', 'returned', 'announcedAt')
local generation, issued, retained_until =
    tonumber(fields[2] or ''), tonumber(fields[3] or ''), tonumber(fields[4] or '')
if not (fields[1] and generation and issued and retained_until) or fields[1] == 'RECOVERING' then
    return { 'ABSENT' }
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if fields[1] == 'ARCHIVED' and now >= retained_until then
    return { 'FORGOTTEN' }
end
if redis.call('HEXISTS', participants_key, '') == 0 or serial > issued then
    return { 'ABSENT' }
end

local revoked = table.concat({ ARGV[2], ARGV[3], ARGV[4], ARGV[5], 'REVOKED' }, ':')
local record = redis.call('HGET', participants_key, ARGV[1])
if record and string.match(record, '^(%d+):') ~= ARGV[2] then
    return { 'ANOTHER' }
end
local announced_at = tonumber(fields[7] or 0)
if record ~= revoked and fields[1] ~= 'ARCHIVED'
    and issued == (tonumber(fields[5] or '') or 0) + (tonumber(fields[6] or '') or 0) then
    local age = now - announced_at
    if age < 0 or age >= PATIENCE_MS then
        age = 0
        redis.call('HSET', campaign_key, 'announcedAt', string.format('%d', now))
    end
    if age < MEMORY_MS then
        return { 'REMEMBERED', MEMORY_MS - age }
    end
end
redis.call('HSET', participants_key, ARGV[1], revoked)
if record == revoked then
    return { 'CURRENT' }
end
redis.call('HSET', campaign_key, 'generation', string.format('%d', generation + 1))
redis.call('HDEL', campaign_key, 'announcedAt')
return { 'REVOKED' }
