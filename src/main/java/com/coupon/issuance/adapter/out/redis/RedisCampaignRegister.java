package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.list;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import com.coupon.shared.EveryRole;
import com.coupon.shared.InvalidValueException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Which campaigns there are, as far as Redis was told. With it, a campaign that was never armed can
 * be told from one whose keys were lost. Thread-safe; every method throws {@link
 * IssuanceUnavailableException} where Redis is not there.
 */
@EveryRole
final class RedisCampaignRegister {

    private static final Logger log = LoggerFactory.getLogger(RedisCampaignRegister.class);

    private final RedisServers redis;

    RedisCampaignRegister(RedisConnections connections) {
        this.redis = connections.shared();
    }

    /** Whether it is certain that there is no such campaign. */
    boolean isUnknown(CampaignId campaign) {
        return !unknown(Set.of(campaign)).isEmpty();
    }

    /** Those of which it is certain that there is no such campaign. */
    Set<CampaignId> unknown(Set<CampaignId> campaigns) {
        var command =
                new CommandArguments(Command.SMISMEMBER)
                        .key(CampaignKeys.CAMPAIGNS)
                        .add(CampaignKeys.WHOLE);
        campaigns.forEach(campaign -> command.add(campaign.value()));
        var found = list(execute(command)).iterator();
        boolean isWhole = found.next().equals(1L);
        Set<CampaignId> unknown = new HashSet<>();
        for (CampaignId campaign : campaigns) {
            if (found.next().equals(0L) && isWhole) {
                unknown.add(campaign);
            }
        }
        return unknown;
    }

    Set<CampaignId> all() {
        Set<CampaignId> campaigns = new TreeSet<>();
        for (Object member :
                list(execute(new CommandArguments(Command.SMEMBERS).key(CampaignKeys.CAMPAIGNS)))) {
            String id = RedisScript.text(member);
            try {
                if (!id.equals(CampaignKeys.WHOLE)) {
                    campaigns.add(new CampaignId(id));
                }
            } catch (InvalidValueException e) {
                log.error(
                        "{} holds what is no campaign's id; it is passed over",
                        CampaignKeys.CAMPAIGNS);
            }
        }
        return campaigns;
    }

    /** Adds one campaign; the register is no more whole than before. */
    void add(CampaignId campaign) {
        execute(
                new CommandArguments(Command.SADD)
                        .key(CampaignKeys.CAMPAIGNS)
                        .add(campaign.value()));
    }

    /** Adds all campaigns there are, which makes the register whole. */
    void addAll(Collection<CampaignId> campaigns) {
        var command =
                new CommandArguments(Command.SADD)
                        .key(CampaignKeys.CAMPAIGNS)
                        .add(CampaignKeys.WHOLE);
        campaigns.forEach(campaign -> command.add(campaign.value()));
        execute(command);
    }

    private Object execute(CommandArguments command) {
        return redis.call(CampaignKeys.CAMPAIGNS, connection -> connection.executeCommand(command));
    }
}
