package accounts

import (
	"fmt"
	"math"

	"zygo/app/field"
	"zygo/app/resource"
)

// Act is an entry of the ledger about somebody or by them, without what it changed: that belongs to its organization.
type Act struct {
	N          int64      `json:"-"`
	ID         string     `json:"id"`
	TenantID   string     `json:"tenant_id"`
	At         field.Time `json:"at"`
	Actor      string     `json:"actor"`
	Action     string     `json:"action"`
	Kind       string     `json:"kind"`
	ResourceID string     `json:"resource_id"`
	Result     string     `json:"result"`
	Address    string     `json:"ip"`
	UserAgent  string     `json:"user_agent"`
	RequestID  string     `json:"request_id"`
}

const (
	// scannedAtOnce bounds one read of the ledger, which is not ordered by person: an index would cost each write.
	scannedAtOnce = 20_000
	// mostScanned bounds one answer; the next goes on where it ended.
	mostScanned = 200_000
)

// actsBetween reads what a user did, or what was done to their account, from entries after low up to high, newest first.
func actsBetween(s *resource.Session, user string, low, high int64) ([]Act, error) {
	type entry struct {
		N, Seq                                      int64
		TenantID                                    string
		At                                          field.Time
		ActorName, Action, Kind, ResourceID, Result string
		Address, UserAgent, RequestID               string
	}
	rows, err := resource.Select[entry](s,
		`SELECT n, seq, tenant_id, at, actor_name, action, kind, resource_id, result, address, user_agent, request_id FROM {ledger}
		WHERE n > ? AND n <= ? AND (actor_id = ? OR on_behalf_of = ? OR resource_id = ? AND kind = 'user') ORDER BY n DESC`, low, high,
		user, user, user)
	acts := make([]Act, len(rows))
	for i, r := range rows {
		acts[i] = Act{r.N, fmt.Sprintf("evt_%d", r.Seq), r.TenantID, r.At, r.ActorName, r.Action, r.Kind, r.ResourceID, r.Result,
			r.Address, r.UserAgent, r.RequestID}
	}
	return acts, err
}

func newestEntry(s *resource.Session) (int64, error) {
	return resource.SelectOne[int64](s, "SELECT coalesce(max(n), 0) FROM {ledger}")
}

// Acts reads what a user did, or what was done to their account, newest first and before an entry, or the newest where that is 0.
// Next is where to go on, 0 at the end; an answer may hold fewer than the limit and still go on.
func Acts(s *resource.Session, user string, before int64, limit int) (acts []Act, next int64, err error) {
	newest, err := newestEntry(s)
	if err != nil {
		return nil, 0, err
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	high := min(before-1, newest)
	for scanned := 0; high > 0 && scanned < mostScanned; scanned += scannedAtOnce {
		low := max(high-scannedAtOnce, 0)
		found, err := actsBetween(s, user, low, high)
		if err != nil {
			return nil, 0, err
		}
		if acts = append(acts, found...); len(acts) >= limit {
			acts = acts[:limit]
			return acts, acts[limit-1].N, nil
		}
		high = low
	}
	if high == 0 {
		return acts, 0, nil
	}
	return acts, high + 1, nil
}
