--[[
view_progress: how far a campaign is, for operators, read at one instant. Writes nothing.

KEYS   1 campaign  2 stock  3 outbox  (as in claim_coupons)   4 answers  5 rates  (as in count_answers)
ARGV   1 window  how many whole seconds before this one the latest answers are taken from, 1 to 15
REPLY
  { 'ABSENT' }      there is no such campaign hash
  { 'RECOVERING' }  it is suspended, damaged, or a key is missing that it needs
  { 'INTACT', state, quantity, returned, issued, remaining, outbox entries, oldest entry (ms, 0 = none), now (ms),
    { outcome, how often it was ever told, … }, { outcome, how often within the window, … },
    known to be in Kafka ('' = not counted since the last rebuild) }

An archived campaign needs neither stock nor outbox.
]]
local campaign_key, stock_key, outbox_key, answers_key, rates_key = unpack(KEYS)
local window = tonumber(ARGV[1])

if #KEYS ~= 5 or #ARGV ~= 1 or not window or window < 1 or window > 15 then
    return redis.error_reply('ERR view_progress: bad arguments')
end
if not string.find(redis.call('INFO', 'replication'), 'role:master', 1, true) then
    return redis.error_reply('READONLY view_progress: not the primary')
end
if redis.call('EXISTS', campaign_key) == 0 then
    return { 'ABSENT' }
end

local fields = redis.call('HMGET', campaign_key, 'state', 'quantity', 'returned', 'issued', 'published')
local state = fields[1]
local quantity, returned, issued = tonumber(fields[2] or ''), tonumber(fields[3] or ''), tonumber(fields[4] or '')
if not (state and quantity and returned and issued) or state == 'RECOVERING' then
    return { 'RECOVERING' }
end
local remaining = quantity + returned - issued
local pending, oldest = 0, 0
if redis.call('TYPE', outbox_key).ok == 'stream' then
    pending = redis.call('XLEN', outbox_key)
    local first = redis.call('XRANGE', outbox_key, '-', '+', 'COUNT', 1)[1]
    oldest = first and tonumber(string.match(first[1], '^(%d+)-')) or 0
elseif state ~= 'ARCHIVED' then
    return { 'RECOVERING' }
end
if state ~= 'ARCHIVED' and tonumber(redis.call('GET', stock_key) or '') ~= remaining then
    return { 'RECOVERING' }
end

local time = redis.call('TIME')
local second = tonumber(time[1])
local latest = {}
local rates = redis.call('HGETALL', rates_key)
for i = 1, #rates, 2 do
    local told_in, outcome = string.match(rates[i], '^(%d+):(.+)$')
    local age = told_in and second - tonumber(told_in) or 0
    if age >= 1 and age <= window then
        latest[outcome] = (latest[outcome] or 0) + tonumber(rates[i + 1])
    end
end
local lately = {}
for outcome, count in pairs(latest) do
    lately[#lately + 1] = outcome
    lately[#lately + 1] = string.format('%d', count)
end
return { 'INTACT', state, string.format('%d', quantity), string.format('%d', returned), string.format('%d', issued),
    string.format('%d', remaining), pending, string.format('%d', oldest),
    string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000)), redis.call('HGETALL', answers_key), lately,
    fields[5] or '' }
