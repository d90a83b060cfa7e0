// Package request is what the API and the pages read from a request in the same way: the query of a list, a verb on many
// rows, and a key that makes a repeated request have one effect.
package request

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/jobs"
)

// Repeatable names a request that a client may send again because it did not hear the answer: its Idempotency-Key, where it
// went, and what it held.
type Repeatable struct{ Key, Route, Body string }

// answered remembers the answer to a request for its tenant, actor and route. It is written in the transaction of the effect,
// so there is an answer exactly where there is an effect.
type answered struct {
	TenantID  string
	Actor     string
	Route     string
	RequestID string
	Sum       string
	Answer    []byte
	CreatedAt field.Time
}

const (
	// onceLife is how long a repeated request gets the first answer.
	onceLife   = 24 * time.Hour
	longestKey = 255
)

// Module lists what the package keeps.
var Module = resource.Module{Name: "request", Tables: []*resource.Table{answers}}

var answers = answersTable()

func answersTable() *resource.Table {
	t := resource.NewTable[answered]("once")
	t.Key = []string{"tenant_id", "actor", "route", "request_id"}
	t.Indexes = []resource.Index{{Columns: []string{"created_at"}}}
	return t
}

// Once runs an effect and keeps its answer, or gives the answer of the first time. The same key with another body is
// refused. Without a key it just runs.
func Once(s *resource.Session, r Repeatable, effect func(s *resource.Session) ([]byte, error)) (answer []byte, err error) {
	switch {
	case r.Key == "":
		return effect(s)
	case len(r.Key) > longestKey:
		return nil, fault.New(fault.BadRequest, "An Idempotency-Key has %d bytes at most.", longestKey)
	}
	sum := sha256.Sum256([]byte(r.Body))
	row := answered{
		Actor:     s.Actor.Kind + " " + s.Actor.ID,
		Route:     r.Route,
		RequestID: r.Key,
		Sum:       hex.EncodeToString(sum[:]),
		CreatedAt: s.Now,
	}
	err = s.Write(func(s *resource.Session) error {
		before, err := resource.Select[answered](s,
			"SELECT * FROM {once} WHERE actor = ? AND route = ? AND request_id = ? AND created_at > ?", row.Actor, row.Route,
			row.RequestID, s.Now.Add(-onceLife))
		if err != nil {
			return err
		}
		if len(before) > 0 {
			if answer = before[0].Answer; before[0].Sum != row.Sum {
				return fault.New(fault.Invalid, "This Idempotency-Key was used for another request. Use a new one.")
			}
			return nil
		}
		if answer, err = effect(s); err != nil {
			return err
		}
		row.Answer = answer
		return s.Put(answers, &row)
	})
	return answer, err
}

// Jobs is the periodic work of the package.
func Jobs(k *resource.Kernel) []jobs.Work {
	return []jobs.Work{jobs.Hourly("forget-answers", func(ctx context.Context) error { return ForgetOnce(ctx, k) })}
}

// ForgetOnce removes the answers that are kept no longer.
func ForgetOnce(ctx context.Context, k *resource.Kernel) error {
	return k.System(ctx, "answers are kept equally long for every tenant").Write(func(s *resource.Session) error {
		return s.Prune(answers, "created_at", int64(s.Now.Add(-onceLife)), 1000)
	})
}
