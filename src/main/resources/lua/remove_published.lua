--[[
remove_published: removes outbox entries that are known to be in Kafka. An entry goes only if it is still that of the
coupon that was published: after a failover another one may have come to the same id, and it must not be lost.

KEYS   1 outbox   (as in claim_coupons)
ARGV   id, epoch, serial, id, epoch, serial, …   of at most 1000 entries

REPLY  how many were removed
]]
if #KEYS ~= 1 or #ARGV % 3 ~= 0 or #ARGV > 3000 then
    return redis.error_reply('ERR remove_published: bad arguments')
end
local removed = 0
for i = 1, #ARGV, 3 do
    local entry = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])[1]
    if entry then
        local fields = {}
        for j = 1, #entry[2], 2 do
            fields[entry[2][j]] = entry[2][j + 1]
        end
        if fields.epoch == ARGV[i + 1] and fields.serial == ARGV[i + 2] then
            removed = removed + redis.call('XDEL', KEYS[1], ARGV[i])
        end
    end
end
return removed
