// The clock of the service, by which windows open and close; the operator's own may be wrong.

let aheadMillis = 0;

/** Takes the time from an answer of the service. */
export function setClock(date) {
  const at = Date.parse(date ?? '');
  if (!Number.isNaN(at)) {
    const ahead = at - Date.now();
    // the header counts whole seconds
    aheadMillis = Math.abs(ahead) > 2000 ? ahead : 0;
  }
}

export function now() {
  return Date.now() + aheadMillis;
}

/** What a campaign is like for its members: one that is published may still be shut, or shut again. */
export function campaignState(campaign) {
  if (campaign.state !== 'PUBLISHED') {
    return campaign.state;
  }
  if (now() < Date.parse(campaign.opensAt)) {
    return 'SCHEDULED';
  }
  return campaign.closesAt && now() >= Date.parse(campaign.closesAt) ? 'ENDED' : 'OPEN';
}
