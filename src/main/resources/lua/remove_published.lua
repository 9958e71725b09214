--[[
remove_published: removes outbox entries that are known to be in Kafka, and counts them. An id names an entry only for
as long as the campaign is at the same home: after a failover, or a rebuild, another coupon may have come to the same
id, and it must not be lost. So nothing is removed elsewhere, and what is left behind is published once more.

KEYS   1 campaign  2 outbox   (as in claim_coupons)
ARGV
  1     home   where the entries were written or read, as claim_coupons names it
  2…    ids    0 to 1000

REPLY  how many were removed

WRITES
  outbox, and campaign.published: how many coupons are known to be in Kafka. It is counted here and nowhere else, so
  that an entry that gets lost shows: what is issued and neither void nor published is in the outbox. A campaign that
  was armed before there was such a count gets one at its next rebuild.
]]
if #KEYS ~= 2 or #ARGV < 1 or #ARGV > 1001 then
    return redis.error_reply('ERR remove_published: bad arguments')
end
local server_id = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)') or ''
local fields = redis.call('HMGET', KEYS[1], 'epoch', 'published')
if #ARGV == 1 or ARGV[1] ~= server_id .. '/' .. (fields[1] or '') then
    return 0
end
local removed = redis.call('XDEL', KEYS[2], unpack(ARGV, 2))
if removed > 0 and fields[2] then
    redis.call('HINCRBY', KEYS[1], 'published', removed)
end
return removed
