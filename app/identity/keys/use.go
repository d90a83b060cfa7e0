package keys

import (
	"context"
	"errors"
	"sync"
	"time"

	"zygo/app/field"
	"zygo/app/resource"
)

// use is how often a key was used on a day in UTC. It is counted in memory and stored each minute, so that a request costs no write;
// a crash loses the counts of the last minute.
type use struct {
	TenantID string
	KeyID    string
	Day      int64 // since 1970
	Requests int
	Refused  int
}

var uses = useTable()

func useTable() *resource.Table {
	t := resource.NewTable[use]("api_key_use")
	t.Key = []string{"tenant_id", "key_id", "day"}
	t.Indexes = []resource.Index{{Columns: []string{"day"}, Across: true}}
	return t
}

// counts are what was not stored yet.
type counts struct {
	mutex sync.Mutex
	byKey map[string]*counted
}

type counted struct {
	tenant, from string
	at           field.Time
	days         map[int64]*use
}

func dayOf(t field.Time) int64 { return t.Go().Unix() / int64(day/time.Second) }

func (c *counts) add(tenant, key, from string, now field.Time, refused bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.byKey == nil {
		c.byKey = map[string]*counted{}
	}
	of := c.byKey[key]
	if of == nil {
		of = &counted{tenant: tenant, days: map[int64]*use{}}
		c.byKey[key] = of
	}
	today := of.days[dayOf(now)]
	if today == nil {
		today = &use{TenantID: tenant, KeyID: key, Day: dayOf(now)}
		of.days[today.Day] = today
	}
	if refused {
		today.Refused++
		return
	}
	today.Requests++
	of.at, of.from = now, from
}

// take gives what was counted, and begins anew.
func (c *counts) take() map[string]*counted {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	taken := c.byKey
	c.byKey = nil
	return taken
}

const (
	day = 24 * time.Hour
	// keptDays is how long the use of a key is shown.
	keptDays = 30
)

// Forget removes what is too old to be shown.
func Forget(s *resource.Session, most int) error {
	return s.Prune(uses, "day", dayOf(s.Now)-keptDays, most)
}

// Store writes down how often keys were used, each in the scope of its organization.
func (a *Service) Store(ctx context.Context) error {
	var errs []error
	for key, of := range a.counts.take() {
		s := a.kernel.Within(ctx, resource.Actor{Kind: "system"}, of.tenant)
		errs = append(errs, s.Write(func(s *resource.Session) error { return store(s, key, of) }))
	}
	return errors.Join(errs...)
}

func store(s *resource.Session, key string, of *counted) error {
	for number, more := range of.days {
		before, err := resource.Select[use](s, "SELECT * FROM {api_key_use} WHERE key_id = ? AND day = ?", key, number)
		if err != nil {
			return err
		}
		sum := *more
		if len(before) > 0 {
			sum.Requests, sum.Refused = sum.Requests+before[0].Requests, sum.Refused+before[0].Refused
		}
		if err := s.Put(uses, &sum); err != nil {
			return err
		}
	}
	if of.at == 0 {
		return nil
	}
	// It is no change that anybody made, so it has no entry in the ledger.
	kind, _ := s.Kernel().Kind(Kind.Name)
	_, err := s.Change(kind.Table(), []resource.Pair{{Column: "last_used_at", Value: of.at}, {Column: "last_from", Value: of.from}},
		[]resource.Pair{{Column: "id", Value: key}})
	return err
}

// DayOfUse is how often a key was used on a day in UTC.
type DayOfUse struct {
	Day      string `json:"day"`
	Requests int    `json:"requests"`
	Refused  int    `json:"refused"`
}

type usageOf struct{ ID string }

// usage are the last days, the oldest first, those without a request too.
func usage(s *resource.Session, in *usageOf) ([]DayOfUse, error) { return Usage(s, in.ID) }

// Usage is how often a key was used on each of the last 30 days. Requests of the last minute may be missing.
func Usage(s *resource.Session, id string) ([]DayOfUse, error) {
	if _, err := Kind.Get(s, id); err != nil {
		return nil, err
	}
	first := dayOf(s.Now) - keptDays + 1
	found, err := resource.Select[use](s, "SELECT * FROM {api_key_use} WHERE key_id = ? AND day >= ?", id, first)
	if err != nil {
		return nil, err
	}
	days := make([]DayOfUse, keptDays)
	for i := range days {
		days[i].Day = time.Unix(0, 0).UTC().Add(time.Duration(first+int64(i)) * day).Format(time.DateOnly)
	}
	for _, one := range found {
		days[one.Day-first].Requests, days[one.Day-first].Refused = one.Requests, one.Refused
	}
	return days, nil
}
