--[[
remove_published: removes outbox entries that are known to be in Kafka, and counts them. An entry goes only if it is
still that of the coupon that was published: after a failover another one may have come to the same id, and it must not
be lost.

KEYS   1 campaign  2 outbox   (as in claim_coupons)
ARGV   id, epoch, serial, id, epoch, serial, …   of at most 1000 entries

REPLY  how many were removed

WRITES
  outbox, and campaign.published: how many coupons are known to be in Kafka. It is counted here and nowhere else, so
  that an entry that gets lost shows: what is issued and neither void nor published is in the outbox. A campaign that
  was armed before there was such a count gets one at its next rebuild.
]]
if #KEYS ~= 2 or #ARGV % 3 ~= 0 or #ARGV > 3000 then
    return redis.error_reply('ERR remove_published: bad arguments')
end
local removed = 0
for i = 1, #ARGV, 3 do
    local entry = redis.call('XRANGE', KEYS[2], ARGV[i], ARGV[i])[1]
    if entry then
        local fields = {}
        for j = 1, #entry[2], 2 do
            fields[entry[2][j]] = entry[2][j + 1]
        end
        if fields.epoch == ARGV[i + 1] and fields.serial == ARGV[i + 2] then
            removed = removed + redis.call('XDEL', KEYS[2], ARGV[i])
        end
    end
end
if removed > 0 and redis.call('HEXISTS', KEYS[1], 'published') == 1 then
    redis.call('HINCRBY', KEYS[1], 'published', removed)
end
return removed
