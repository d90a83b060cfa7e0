package resource

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/store"
)

// The ledger is the one record of what happened: audit entry, outgoing event, activity timeline and workflow trigger are
// the same row, written in the transaction of the change. Rows are appended and never touched; each carries an HMAC over
// itself and the one before it in its tenant, so that what was altered or removed shows.

// Entry is one row of the ledger.
type Entry struct {
	N            int64
	TenantID     string
	WorkspaceID  string // of the row; anyone who does not see it does not see its entries
	Seq          int64
	At           field.Time
	ActorKind    string
	ActorID      string
	ActorName    string
	OnBehalfOf   string
	Action       string
	Kind         string
	ResourceID   string
	Changes      field.JSON
	Object       field.JSON
	Result       string
	Address      string
	UserAgent    string
	RequestID    string
	PreviousHash []byte
	Hash         []byte
}

// The results of an entry.
const (
	Success = "success"
	Denied  = "denied"
	Failure = "failure"
)

func ledgerTable() *store.Table {
	t := store.NewTable[Entry]("ledger")
	t.Unique = [][]string{{"tenant_id", "seq"}}
	t.Indexes = []store.Index{{Columns: []string{"tenant_id", "resource_id"}}}
	t.Appended = true
	return t
}

// record appends the entry of a successful change.
func (s *Session) record(kind, event, id, workspace string, changes, object field.JSON) error {
	return s.append(Entry{
		Action:      kind + "." + event,
		Kind:        kind,
		ResourceID:  id,
		WorkspaceID: workspace,
		Changes:     changes,
		Object:      object,
		Result:      Success,
	})
}

// Record appends an entry that is not the change of one row, such as a sign-in. It runs inside a write.
func (s *Session) Record(kind, event, id, result string) error {
	return s.Write(func(s *Session) error {
		return s.append(Entry{Action: kind + "." + event, Kind: kind, ResourceID: id, Result: result})
	})
}

// RecordObject appends the entry of a change that the area stores itself, with the row's workspace and the state after it.
func (s *Session) RecordObject(kind, event, id, workspace string, object field.JSON) error {
	return s.record(kind, event, id, workspace, nil, object)
}

func (s *Session) recordDenied(kind, verb, id, workspace string) error {
	if s.tx != nil {
		// The refusal undoes this transaction; the outermost session records it.
		return nil
	}
	action := strings.TrimPrefix(kind+"."+verb, ".")
	return s.Write(func(s *Session) error {
		return s.append(Entry{Action: action, Kind: kind, ResourceID: id, WorkspaceID: workspace, Result: Denied})
	})
}

// ofInstance is the session writing to the instance's own chain.
func (s *Session) ofInstance() *Session {
	copied := *s
	copied.scope = store.Scope{}
	return &copied
}

func (s *Session) append(e Entry) error {
	e.TenantID, e.At = s.Tenant(), s.Now
	e.ActorKind, e.ActorID, e.ActorName, e.OnBehalfOf = s.Actor.Kind, s.Actor.ID, s.Actor.Name, s.Actor.OnBehalfOf
	e.Address, e.UserAgent, e.RequestID = s.Origin.Address, s.Origin.UserAgent, s.Origin.RequestID
	scope := store.System("the ledger's chain is kept for tenants and for the instance alike")
	heads, err := store.Select[Entry](s.Context, s.tx, scope,
		"SELECT seq, hash FROM {ledger} WHERE tenant_id = ? ORDER BY seq DESC LIMIT 1", e.TenantID)
	if err != nil {
		return fmt.Errorf("read the ledger's head: %w", err)
	}
	e.Seq = 1
	if len(heads) > 0 {
		e.Seq, e.PreviousHash = heads[0].Seq+1, heads[0].Hash
	}
	e.Hash = e.sum(s.kernel.keys.Ledger)
	return s.tx.Insert(scope, s.kernel.ledger, &e)
}

// sum is the HMAC-SHA-256 over the entry and the hash before it, each part with its length before it.
func (e *Entry) sum(key []byte) []byte {
	h := hmac.New(sha256.New, key)
	var size [8]byte
	part := func(text string) {
		binary.BigEndian.PutUint64(size[:], uint64(len(text)))
		h.Write(size[:])
		h.Write([]byte(text))
	}
	part(string(e.PreviousHash))
	binary.BigEndian.PutUint64(size[:], uint64(e.Seq))
	h.Write(size[:])
	binary.BigEndian.PutUint64(size[:], uint64(e.At))
	h.Write(size[:])
	for _, text := range []string{e.TenantID, e.WorkspaceID, e.ActorKind, e.ActorID, e.ActorName, e.OnBehalfOf, e.Action, e.Kind,
		e.ResourceID,
		string(e.Changes), string(e.Object), e.Result, e.Address, e.UserAgent, e.RequestID} {
		part(text)
	}
	return h.Sum(nil)
}

// ID is the entry's id within its tenant.
func (e *Entry) ID() string { return fmt.Sprintf("evt_%d", e.Seq) }

// Entries reads what happened, newest first: to one resource that the actor may read, or with the permission audit:read to
// all where it is empty; before a sequence number, or the newest where that is 0.
func (s *Session) Entries(resource string, before int64, limit int) ([]Entry, error) {
	before = cmp.Or(max(before, 0), math.MaxInt64)
	if resource == "" {
		if err := s.RequirePermission("audit:read"); err != nil {
			return nil, err
		}
		return store.Select[Entry](s.Context, s.source(), s.scope, "SELECT * FROM {ledger} WHERE seq < ? ORDER BY seq DESC LIMIT ?",
			before, limit)
	}
	entries, err := store.Select[Entry](s.Context, s.source(), s.scope,
		"SELECT * FROM {ledger} WHERE resource_id = ? AND seq < ? ORDER BY n DESC LIMIT ?", resource, before, limit)
	return slices.DeleteFunc(entries, func(e Entry) bool { return !s.MayRead(&e) }), err
}

// MayRead tells whether the actor may read the row that an entry is about.
func (s *Session) MayRead(e *Entry) bool {
	kind, ok := s.kernel.byName[e.Kind]
	return ok && s.MayOn(kind.Spec(), Get, e.ResourceID, e.WorkspaceID) || s.Holds("audit:read")
}

// InstanceEntries is Entries of the instance's own record: what operators did.
func (s *Session) InstanceEntries(resource string, before int64, limit int) ([]Entry, error) {
	if !s.Operator && !s.system {
		return nil, fault.New(fault.Forbidden, "Only operators of this instance may read its entries.")
	}
	before = cmp.Or(max(before, 0), math.MaxInt64)
	return store.Select[Entry](s.Context, s.source(), store.System("the instance's own entries belong to no tenant"),
		"SELECT * FROM {ledger} WHERE tenant_id = '' AND resource_id = ? AND seq < ? ORDER BY n DESC LIMIT ?", resource, before, limit)
}

// Since reads the entries after a sequence number in their order, for readers that keep a cursor.
func (s *Session) Since(seq int64, limit int) ([]Entry, error) {
	return store.Select[Entry](s.Context, s.source(), s.scope, "SELECT * FROM {ledger} WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit)
}

// Head is the newest sequence number of the session's tenant.
func (s *Session) Head() (int64, error) {
	return store.SelectOne[int64](s.Context, s.source(), s.scope, "SELECT coalesce(max(seq), 0) FROM {ledger}")
}

// VerifyLedger recomputes the chain of one tenant, or of the instance where the tenant is empty. It returns the sequence
// number of the first entry that does not fit, or 0 where all do. It needs a system session.
func (s *Session) VerifyLedger(tenant string) (int64, error) {
	var previous []byte
	for seq := int64(0); ; {
		entries, err := store.Select[Entry](s.Context, s.source(), s.scope,
			"SELECT * FROM {ledger} WHERE tenant_id = ? AND seq > ? ORDER BY seq LIMIT 500", tenant, seq)
		if err != nil || len(entries) == 0 {
			return 0, err
		}
		for _, e := range entries {
			if e.Seq != seq+1 || !hmac.Equal(e.PreviousHash, previous) || !hmac.Equal(e.Hash, e.sum(s.kernel.keys.Ledger)) {
				return seq + 1, nil
			}
			seq, previous = e.Seq, e.Hash
		}
	}
}
