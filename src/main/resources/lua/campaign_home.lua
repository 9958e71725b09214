--[[
campaign_home: where what is read from a campaign's outbox after this call lives, so that it can be removed there and
nowhere else, and how late it is there. Writes nothing.

KEYS   1 campaign   (as in claim_coupons)
REPLY  { home, as claim_coupons names it, now (ms) }; of a campaign without an epoch the home is nobody's
]]
if #KEYS ~= 1 or #ARGV ~= 0 then
    return redis.error_reply('ERR campaign_home: bad arguments')
end
local server_id = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)') or ''
-- pcall, because a key that holds something else is damage, too, and the outbox is read all the same
local epoch = redis.pcall('HGET', KEYS[1], 'epoch')
local time = redis.call('TIME')
return { server_id .. '/' .. (type(epoch) == 'string' and epoch or ''),
    string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000)) }
