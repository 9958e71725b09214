--[[
claim_coupons: answers a batch of members of one campaign, atomically; without members it only looks whether the
campaign can be relied on.

KEYS (one hash tag, one slot)
  1  campaign      hash    what was armed, and the counters
  2  stock         string  coupons left
  3  participants  hash    member -> serial:code:issuedAt:epoch:status, winners only, '' = marker
  4  outbox        stream  one entry per issued coupon not yet known to be in Kafka
  5  eligible      set     allow-list, '' = marker; read only where the campaign has one

ARGV
  1  mode        'claim', or 'find' to tell only what is already won
  2  seed        32 bytes of a secure random source, fresh for each call; coupon codes are made of it
  3  confirmed   the highest serial the caller knows to be replicated
  4  home        where it knows that, as a reply named it; '*' = anywhere
  5  seenEpoch   the latest epoch the caller has ever seen the campaign in, 0 = it has never seen it
  6  seenIssued  the highest serial it has ever seen in that epoch
  7… members     0 to 1000, each 1 to 128 bytes; a member named twice is one claim

REPLY
  { standing, remaining, issued, generation, epoch, now (ms), opensAt (ms), home, cut,
    { answer of each member, in order }, soldOutFor (ms) }
  standing  'ABSENT' (no campaign hash: the caller finds out whether the campaign is unknown or lost),
            'RECOVERING' (suspended until it is rebuilt), else 'INTACT'; the first two come alone
  home      the server's replication id and the epoch: what was replicated for one home says nothing of another
  cut       up to this serial all is in the ledger since the last rebuild
  soldOutFor  how long every member who has not won hears SOLD_OUT, unless the generation changes; 0 where another
            answer may be given now
  answer    a refusal's name, or { name, serial, code, issuedAt (ms), epoch, outbox entry id or '' }

MEMORY
  A node may repeat SOLD_OUT, and what winners hear, from memory for SoldOut.LEASE (200 ms) after it has asked here. So
  whoever is about to change something of a campaign that is sold out announces that (campaign.announcedAt) and does it
  250 ms later, when no node remembers anything: from the announcement on soldOutFor is 0, until the change is made, or
  for a second where it is not. Nobody is refused after another has won.

SUSPENSION
  A campaign is suspended, for everybody, where a key or field is missing, unreadable or contradicts another one; where
  this server is not the one it was armed or rebuilt on, because a server that was promoted, restarted or emptied may
  lack what was issued; and where the caller has seen more than there is. State RECOVERING is stored then, and as fence
  the highest serial that any caller has seen, so that none is issued twice. Only resume_campaign ends it.

PRECEDENCE of the answers
  UNKNOWN_CAMPAIGN (a draft)  ARCHIVED (the retention has ended)  ALREADY_ISSUED | REVOKED  ARCHIVED
  NO_CLAIM (mode find)  NOT_OPEN_YET  PAUSED  CLOSED  SOLD_OUT  NOT_ELIGIBLE  ISSUED

WRITES
  For ISSUED: outbox, participants, stock, campaign.issued, after everything has been checked, because a script that
  fails half-way is not rolled back. A refusal changes nothing. An answer that rests on a serial the caller has not
  yet seen replicated writes campaign.issued over with its own value, so that the WAIT that follows on this connection
  has something to wait for; WAIT covers all that was written before it. A suspension: campaign.state, campaign.fence.

The clock is the server's (TIME). Redis 6.2 and later, Valkey 8 and later.
]]
local campaign_key, stock_key, participants_key, outbox_key, eligible_key = unpack(KEYS)
local mode, seed, confirmed = ARGV[1], ARGV[2], tonumber(ARGV[3])
local seen_epoch, seen_issued = tonumber(ARGV[5]), tonumber(ARGV[6])

if #KEYS ~= 5 or (mode ~= 'claim' and mode ~= 'find') or #seed ~= 32 or not (confirmed and seen_epoch and seen_issued)
    or #ARGV > 1006 then
    return redis.error_reply('ERR claim_coupons: bad arguments')
end
local members = {}
for i = 7, #ARGV do
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

local function suspend()
    local stored = redis.call('HMGET', campaign_key, 'state', 'fence', 'epoch')
    local fence = tonumber(stored[2] or '')
    -- What was seen in an epoch that a rebuild has ended is accounted for.
    local seen = seen_epoch < (tonumber(stored[3] or '') or 0) and 0 or seen_issued
    if stored[1] ~= 'RECOVERING' or not fence or fence < seen then
        redis.call('HSET', campaign_key,
            'state', 'RECOVERING', 'fence', string.format('%d', math.max(fence or 0, seen)))
    end
    return { 'RECOVERING' }
end

local kind = redis.call('TYPE', campaign_key).ok
if kind == 'none' and seen_epoch == 0 then
    return { 'ABSENT' }
elseif kind ~= 'hash' and kind ~= 'none' then
    redis.call('DEL', campaign_key) -- nothing of ours
end

-- What is armed. Nothing is inferred from absence: a key or field that is missing is damage.
local fields = redis.call('HMGET', campaign_key,
    'state', 'quantity', 'returned', 'issued', 'opensAt', 'closesAt', 'eligibility', 'generation', 'epoch',
    'retainedUntil', 'home', 'cut', 'announcedAt')
for i = 1, 12 do
    if not fields[i] then
        return suspend()
    end
end
local state, eligibility = fields[1], fields[7]
local quantity, returned, issued = tonumber(fields[2]), tonumber(fields[3]), tonumber(fields[4])
local opens_at, closes_at = tonumber(fields[5]), tonumber(fields[6])
local generation, epoch, retained_until = tonumber(fields[8]), tonumber(fields[9]), tonumber(fields[10])
local cut = tonumber(fields[12])
local announced_at = tonumber(fields[13] or 0) -- which is there only once something was announced
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Archiving drops stock, outbox and allow-list, and the participants once their retention has ended.
local archived = state == 'ARCHIVED'
local forgotten = archived and retained_until and now >= retained_until
-- pcall, because a key that holds something else is damage, too, and not an error of the caller
local stock = archived and 0 or tonumber(redis.pcall('GET', stock_key))
local server_id = string.match(server, 'master_replid:(%x+)')
local known_states = { DRAFT = true, PUBLISHED = true, PAUSED = true, CLOSED = true, ARCHIVED = true }

if not (quantity and returned and issued and opens_at and closes_at and generation and epoch and retained_until
        and cut and announced_at and stock and server_id)
    or not known_states[state]
    or (not forgotten and redis.pcall('HEXISTS', participants_key, '') ~= 1)
    or (not archived and (stock < 0 or issued + stock ~= quantity + returned
        or redis.call('TYPE', outbox_key).ok ~= 'stream'
        or (eligibility ~= 'EVERYONE' and redis.pcall('SISMEMBER', eligible_key, '') ~= 1)))
    -- a draft has issued nothing that could have been lost, and is armed again before it opens
    or (state ~= 'DRAFT' and fields[11] ~= server_id)
    or seen_epoch > epoch or (seen_epoch == epoch and seen_issued > issued) then
    return suspend()
end

local home = server_id .. '/' .. fields[9]
if ARGV[4] ~= '*' and ARGV[4] ~= home then
    confirmed = 0 -- what another server had replicated says nothing of this one
end
confirmed = math.max(confirmed, cut)

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

local records = (forgotten or #members == 0) and {} or redis.call('HMGET', participants_key, unpack(members))
local answers = {}
local answered = {} -- member -> answer, so that a member twice in the batch is one claim
local winners = {}  -- participants' fields and values
local entries = {}  -- what goes to the outbox
local rests_on = 0  -- the highest serial that an answer of this batch relies on
local left = stock
local at = string.format('%d', now)

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
        if status and #code ~= 20 then
            return suspend()
        elseif status == 'ISSUED' then
            answer = { 'ALREADY_ISSUED', serial, code, issued_at, won_in, '' }
            rests_on = math.max(rests_on, tonumber(serial))
        elseif status == 'REVOKED' then
            answer = 'REVOKED'
        else
            return suspend()
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

local sold_out_for = 0
if state == 'PUBLISHED' and left == 0 and (now >= opens_at or issued > 0) and now - announced_at >= 1000 then
    sold_out_for = math.max(0, math.min(60000, closes_at == 0 and math.huge or closes_at - now))
end
return { 'INTACT', left, issued, generation, epoch, now, opens_at, home, cut, answers, sold_out_for }
