--[[
published_serial: up to which serial everything that was issued is known to be in Kafka, on the word of an outbox that
no longer has it.

KEYS   1 campaign  2 outbox   (as in claim_coupons)
ARGV
  1  home    of the decision that asks, as claim_coupons named it
  2  issued  the highest serial at that decision

REPLY
  A serial, at most that of the decision; 0 where it cannot be told. An outbox that is gone, or is not that of the
  decision any more, is no proof of anything: the campaign has to be intact, in the same epoch on the same server, and
  as far as the decision left it. While an entry that republish_coupon has written may still wait, nothing from the
  lowest such serial on is told.
]]
local home, issued = ARGV[1], tonumber(ARGV[2])

if #KEYS ~= 2 or #ARGV ~= 2 or not issued then
    return redis.error_reply('ERR published_serial: bad arguments')
end
local server_id = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local fields = redis.call('HMGET', KEYS[1], 'state', 'epoch', 'issued', 'republished')
if not server_id or not fields[1] or fields[1] == 'RECOVERING' or not fields[2]
    or server_id .. '/' .. fields[2] ~= home
    or (tonumber(fields[3] or '') or 0) < issued
    or redis.call('TYPE', KEYS[2]).ok ~= 'stream' then
    return 0
end
local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
if not oldest then
    return issued
end
-- The deciding script writes entries in the order of their serials; republish_coupon adds lower ones behind them.
local lowest
for i = 1, #oldest[2], 2 do
    if oldest[2][i] == 'serial' then
        lowest = tonumber(oldest[2][i + 1]) or 1
    end
end
if lowest and fields[4] then
    local republished, last, last_number = string.match(fields[4], '^(%d+):(%d+)-(%d+)$')
    local first, first_number = string.match(oldest[1], '^(%d+)-(%d+)$')
    first, last = tonumber(first), tonumber(last or '')
    if not last then
        lowest = nil
    elseif first < last or (first == last and tonumber(first_number) <= tonumber(last_number)) then
        lowest = math.min(lowest, tonumber(republished))
    end
end
return lowest and math.min(issued, math.max(0, lowest - 1)) or 0
