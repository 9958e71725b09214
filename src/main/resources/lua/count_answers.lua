--[[
count_answers: adds what one node has told members of a campaign to what all nodes have.

KEYS (one hash tag, one slot)
  1  campaign  hash  as in claim_coupons; only asked whether it is there
  2  answers   hash  outcome -> how often it was told, by all nodes, ever
  3  rates     hash  '<second>:<outcome>' -> how often it was told in that second; expires

ARGV
  outcome and count, in pairs, 1 to 32 of them: 1 to 32 capitals and underscores, and 1 to 2^31 answers that were not
  added before

REPLY
  'COUNTED'  added
  'ABSENT'   there is no such campaign; nothing is written, so nobody makes keys by claiming in campaigns he made up

WRITES
  For COUNTED: answers, and rates, from which the seconds that no rate needs any more are taken away. Everything is
  checked before. A call that is repeated counts twice.

The clock is the server's (TIME): answers belong to the second in which they are written.
]]
local campaign_key, answers_key, rates_key = unpack(KEYS)
local kept_seconds, expires_after_seconds = 15, 60

if #KEYS ~= 3 or #ARGV < 2 or #ARGV > 64 or #ARGV % 2 ~= 0 then
    return redis.error_reply('ERR count_answers: bad arguments')
end
for i = 1, #ARGV, 2 do
    local count = string.match(ARGV[i + 1], '^%d+$') and tonumber(ARGV[i + 1])
    if #ARGV[i] > 32 or not string.match(ARGV[i], '^[A-Z_]+$') or not count or count < 1 or count > 2147483648 then
        return redis.error_reply('ERR count_answers: bad outcome or count')
    end
end

if redis.call('TYPE', campaign_key).ok ~= 'hash' then
    return 'ABSENT'
end
for _, key in ipairs({ answers_key, rates_key }) do
    local kind = redis.call('TYPE', key).ok
    if kind ~= 'hash' and kind ~= 'none' then
        return redis.error_reply('WRONGTYPE count_answers: no hash')
    end
end

local second = tonumber(redis.call('TIME')[1])
for _, field in ipairs(redis.call('HKEYS', rates_key)) do
    local age = second - (tonumber(string.match(field, '^(%d+):')) or 0)
    if age > kept_seconds then
        redis.call('HDEL', rates_key, field)
    end
end
for i = 1, #ARGV, 2 do
    redis.call('HINCRBY', answers_key, ARGV[i], ARGV[i + 1])
    redis.call('HINCRBY', rates_key, string.format('%d:%s', second, ARGV[i]), ARGV[i + 1])
end
redis.call('EXPIRE', rates_key, expires_after_seconds)
return 'COUNTED'
