--[[
claim_coupons: answers a batch of members of one campaign, atomically.

KEYS (one hash tag, one slot)
  1  campaign      hash    what was armed, and the counters
  2  stock         string  coupons left
  3  participants  hash    member -> serial:code:issuedAt:epoch:status, winners only, '' = marker
  4  outbox        stream  one entry per issued coupon not yet known to be in Kafka
  5  eligible      set     allow-list, '' = marker; read only where the campaign has one

ARGV
  1  mode       'claim', or 'find' to tell only what is already won
  2  seed       32 bytes of a secure random source, fresh for each call; coupon codes are made of it
  3  confirmed  the highest serial the caller knows to be replicated
  4  home       the server on which it knows that, as a reply named it; '*' = on any
  5… members    1 to 1000, each 1 to 128 bytes; a member named twice is one claim

REPLY
  { standing, remaining, issued, generation, epoch, now (ms), opensAt (ms), home, { answer of each member, in order } }
  standing  'ABSENT' (no campaign hash: the caller finds out whether the campaign is unknown or lost),
            'RECOVERING' (damaged), else 'INTACT'; the first two come alone
  home      the server's replication id, which changes when it is promoted, restarted or made anew
  answer    a refusal's name, or { name, serial, code, issuedAt (ms), epoch, outbox entry id or '' }

PRECEDENCE of the answers
  UNKNOWN_CAMPAIGN (a draft)  ARCHIVED (the retention has ended)  ALREADY_ISSUED | REVOKED  ARCHIVED
  NO_CLAIM (mode find)  NOT_OPEN_YET  PAUSED  CLOSED  SOLD_OUT  NOT_ELIGIBLE  ISSUED

WRITES
  For ISSUED: outbox, participants, stock, campaign.issued, after everything has been checked, because a script that
  fails half-way is not rolled back. A refusal changes nothing. An answer that rests on a serial the caller has not
  yet seen replicated writes campaign.issued over with its own value, so that the WAIT that follows on this connection
  has something to wait for; WAIT covers all that was written before it.

The clock is the server's (TIME). Redis 6.2 and later, Valkey 8 and later.
]]
local campaign_key, stock_key, participants_key, outbox_key, eligible_key = unpack(KEYS)
local mode, seed, confirmed = ARGV[1], ARGV[2], tonumber(ARGV[3])

if #KEYS ~= 5 or (mode ~= 'claim' and mode ~= 'find') or #seed ~= 32 or not confirmed or #ARGV < 5 or #ARGV > 1004 then
    return redis.error_reply('ERR claim_coupons: bad arguments')
end
local members = {}
for i = 5, #ARGV do
    if #ARGV[i] < 1 or #ARGV[i] > 128 then
        return redis.error_reply('ERR claim_coupons: bad member')
    end
    members[#members + 1] = ARGV[i]
end

-- A replica would answer as long as nothing is written, and from data that may be old.
local server = redis.call('INFO', 'replication')
if not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY claim_coupons: not the primary')
end
if redis.call('EXISTS', campaign_key) == 0 then
    return { 'ABSENT' }
end

-- What is armed. Nothing is inferred from absence: a key or field that is missing is damage.
local fields = redis.call('HMGET', campaign_key,
    'state', 'quantity', 'returned', 'issued', 'opensAt', 'closesAt', 'eligibility', 'generation', 'epoch',
    'retainedUntil')
for i = 1, 10 do
    if not fields[i] then
        return { 'RECOVERING' }
    end
end
local state, eligibility = fields[1], fields[7]
local quantity, returned, issued = tonumber(fields[2]), tonumber(fields[3]), tonumber(fields[4])
local opens_at, closes_at = tonumber(fields[5]), tonumber(fields[6])
local generation, epoch, retained_until = tonumber(fields[8]), tonumber(fields[9]), tonumber(fields[10])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Archiving drops stock, outbox and allow-list, and the participants once their retention has ended.
local archived = state == 'ARCHIVED'
local forgotten = archived and retained_until and now >= retained_until
local stock = archived and 0 or tonumber(redis.call('GET', stock_key) or '')
local home = string.match(server, 'master_replid:(%x+)')
local known_states = { DRAFT = true, PUBLISHED = true, PAUSED = true, CLOSED = true, ARCHIVED = true }

if not (quantity and returned and issued and opens_at and closes_at and generation and epoch and retained_until
        and stock and home)
    or not known_states[state]
    or (not forgotten and redis.call('HEXISTS', participants_key, '') == 0)
    or (not archived and (stock < 0 or issued + stock ~= quantity + returned
        or redis.call('TYPE', outbox_key).ok ~= 'stream'
        or (eligibility ~= 'EVERYONE' and redis.call('SISMEMBER', eligible_key, '') == 0))) then
    return { 'RECOVERING' }
end

if ARGV[4] ~= '*' and ARGV[4] ~= home then
    confirmed = 0 -- what another server had replicated says nothing of this one
end

-- What a member hears who has not won before, as far as the campaign alone decides it.
local refusal
if archived then
    refusal = 'ARCHIVED'
elseif mode == 'find' then
    refusal = 'NO_CLAIM'
elseif now < opens_at and issued == 0 and (state == 'PUBLISHED' or state == 'PAUSED') then
    refusal = 'NOT_OPEN_YET' -- a clock set back does not close again what has begun
elseif state == 'PAUSED' then
    refusal = 'PAUSED'
elseif state == 'CLOSED' or (closes_at > 0 and now >= closes_at) then
    refusal = 'CLOSED'
end

local records = forgotten and {} or redis.call('HMGET', participants_key, unpack(members))
local answers = {}
local answered = {} -- member -> answer, so that a member twice in the batch is one claim
local winners = {}  -- participants' fields and values
local entries = {}  -- what goes to the outbox
local rests_on = 0  -- the highest serial that an answer of this batch relies on
local left = stock

for i, member in ipairs(members) do
    local answer = answered[member]
    if answer then
        -- asked twice in one breath: the second hears what a repeat hears
        if answer[1] == 'ISSUED' then
            answer = { 'ALREADY_ISSUED', answer[2], answer[3], answer[4], answer[5], '' }
        end
    elseif state == 'DRAFT' then
        answer = 'UNKNOWN_CAMPAIGN'
    elseif records[i] then
        local serial, code, issued_at, won_in, status =
            string.match(records[i], '^(%d+):(%x+):(%d+):(%d+):(%u+)$')
        if status == 'ISSUED' then
            answer = { 'ALREADY_ISSUED', serial, code, issued_at, won_in, '' }
            rests_on = math.max(rests_on, tonumber(serial))
        elseif status == 'REVOKED' then
            answer = 'REVOKED'
        else
            return { 'RECOVERING' }
        end
    elseif refusal then
        answer = refusal
    elseif left == 0 then
        answer = 'SOLD_OUT'
        rests_on = math.max(rests_on, issued)
    elseif eligibility ~= 'EVERYONE' and redis.call('SISMEMBER', eligible_key, member) == 0 then
        answer = 'NOT_ELIGIBLE'
    else
        left = left - 1
        local serial = string.format('%d', issued + stock - left)
        local code = string.sub(redis.sha1hex(seed .. member), 1, 20)
        local at = string.format('%d', now)
        answer = { 'ISSUED', serial, code, at, fields[9], '' }
        winners[#winners + 1] = member
        winners[#winners + 1] = table.concat({ serial, code, at, fields[9], 'ISSUED' }, ':')
        entries[#entries + 1] = { member, answer }
        answered[member] = answer
    end
    answers[i] = answer
end

if #entries > 0 then
    issued = issued + #entries
    -- The outbox first: of these writes it is the only one that could still be refused.
    for _, entry in ipairs(entries) do
        local answer = entry[2]
        answer[6] = redis.call('XADD', outbox_key, '*', 'member', entry[1],
            'serial', answer[2], 'code', answer[3], 'issuedAt', answer[4], 'epoch', answer[5])
    end
    for first = 1, #winners, 1000 do
        redis.call('HSET', participants_key, unpack(winners, first, math.min(first + 999, #winners)))
    end
    redis.call('SET', stock_key, string.format('%d', left))
    redis.call('HSET', campaign_key, 'issued', string.format('%d', issued))
elseif rests_on > confirmed then
    redis.call('HSET', campaign_key, 'issued', fields[4])
end

return { 'INTACT', left, issued, generation, epoch, now, opens_at, home, answers }
