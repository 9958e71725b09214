--[[
view_campaign: what the public may see of a campaign, read at one instant. Writes nothing.

KEYS   1 campaign  2 stock   (as in claim_coupons)
REPLY
  { 'ABSENT' }      there is no such campaign hash
  { 'RECOVERING' }  it is suspended or damaged
  { 'INTACT', name, state, quantity, issued, opensAt (ms), closesAt (ms, 0 = never), generation, epoch, remaining,
    now (ms) }
]]
if not string.find(redis.call('INFO', 'replication'), 'role:master', 1, true) then
    return redis.error_reply('READONLY view_campaign: not the primary')
end
local fields = redis.call('HMGET', KEYS[1],
    'name', 'state', 'quantity', 'issued', 'opensAt', 'closesAt', 'generation', 'epoch', 'returned')
local missing = 0
for i = 1, 9 do
    if not fields[i] then
        missing = missing + 1
    end
end
if missing == 9 then
    return { 'ABSENT' }
end
-- An archived campaign has nothing left, and no stock to say so.
local stock = fields[2] == 'ARCHIVED' and '0' or redis.call('GET', KEYS[2])
local quantity, issued, returned = tonumber(fields[3] or ''), tonumber(fields[4] or ''), tonumber(fields[9] or '')
if missing > 0 or fields[2] == 'RECOVERING' or not (quantity and issued and returned and tonumber(stock or ''))
    or (fields[2] ~= 'ARCHIVED' and issued + tonumber(stock) ~= quantity + returned) then
    return { 'RECOVERING' }
end
local time = redis.call('TIME')
fields[9], fields[10] = stock, string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
return { 'INTACT', unpack(fields, 1, 10) }
