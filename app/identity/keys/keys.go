// Package keys is the API keys: what a program shows in the place of a person, what it may do by it, and how it is recognized.
// Start with key.go, then recognize.go.
package keys

import (
	"cmp"
	"net/http"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/tokens"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Tables are those without surfaces.
var Tables = []*resource.Table{uses}

// Permissions are those that no kind has.
var Permissions = []rights.Permission{
	{Name: mayCreate, Category: "Access", Help: "Create API keys.", Least: rights.Viewer, InPerson: true},
}

// mayCreate is the permission to make keys.
const mayCreate = "api_key:create"

// Service recognizes programs by their keys.
type Service struct {
	kernel *resource.Kernel
	counts counts
}

// New serves the keys of an instance.
func New(kernel *resource.Kernel) *Service { return &Service{kernel: kernel} }

// Operations are what is done with keys beside what their kind brings.
var Operations = []operation.Operation{
	operation.Operate(http.MethodPost, "api-keys", mayCreate,
		"Make an API key; the answer has the key itself, this once. Needs a recent proof of who you are", createGiven),
	operation.Operate(http.MethodPost, "api-keys/{id}/rotate", "api_key:rotate",
		"Make a key anew; the one before is good for so many hours more. Needs a recent proof of who you are", Rotate),
	operation.Operate(http.MethodGet, "api-keys/{id}/usage", "api_key:read", "The requests with a key, by day of the last 30 days", usage),
}

// Creating is what a person says of a new key.
type Creating struct {
	Name      string
	Acts      Acting
	Access    Access
	Scopes    field.Tags
	ExpiresAt field.Time
	Networks  field.Tags
	PerMinute int
}

// Shown is a key with its secret, which is told this once.
type Shown struct {
	operation.Made
	ID  string `json:"id"`
	Key string `json:"key"`
	// Start is what lists show of it.
	Start string `json:"start"`
}

const (
	// Prefix begins every key, so that people and programs that look for secrets recognize one.
	Prefix = "zk_"
	// shownStart is how much of a key lists show, and mostKeys how many one person has.
	shownStart = len(Prefix) + 6
	mostKeys   = 100
)

// anew gives the row a new key.
func (k *Key) anew() string {
	key := Prefix + tokens.New()
	k.Hash, k.Start = tokens.Hash(key), key[:shownStart]
	return key
}

// CreateFrom makes a key of the person from what a form gives; the answer has it, this once.
func CreateFrom(s *resource.Session, in resource.Input) (Shown, error) {
	return create(s, func(s *resource.Session, fill func(k *Key) error) (*Key, error) { return Kind.CreateFrom(s, in, fill) })
}

func createGiven(s *resource.Session, in *Creating) (Shown, error) {
	return create(s, func(s *resource.Session, fill func(k *Key) error) (*Key, error) {
		return Kind.Create(s, func(k *Key) error {
			k.Name, k.Scopes, k.ExpiresAt, k.Networks, k.PerMinute = in.Name, in.Scopes, in.ExpiresAt, in.Networks, in.PerMinute
			k.Acts, k.Access = cmp.Or(in.Acts, k.Acts), cmp.Or(in.Access, k.Access)
			return fill(k)
		})
	})
}

// create stores a key with what only it and its owner know.
func create(s *resource.Session, store func(s *resource.Session, fill func(k *Key) error) (*Key, error)) (shown Shown, err error) {
	err = s.Write(func(s *resource.Session) error {
		kept, err := resource.SelectOne[int](s, "SELECT count(*) FROM {api_key} WHERE owner_id = ? AND state = 'active'", s.Actor.Person())
		if err != nil {
			return err
		}
		if kept >= mostKeys {
			return fault.New(fault.Conflict, "You have %d API keys, which is the most. Revoke one first.", kept)
		}
		row, err := store(s, func(k *Key) error {
			shown.Key = k.anew()
			return nil
		})
		if err == nil {
			shown.ID, shown.Start = row.ID, row.Start
		}
		return err
	})
	return shown, err
}

// Rotating names a key, and says how long the one before stays good.
type Rotating struct {
	ID    string
	Hours int `z:"min=0,max=168,default=24,help=How long the key before is good beside the new one."`
}

// Rotate makes a key anew.
func Rotate(s *resource.Session, in *Rotating) (Shown, error) {
	if err := s.RequireRecent(); err != nil {
		return Shown{}, err
	}
	var key string
	row, err := Kind.Update(s, in.ID, 0, "rotate", "rotated", func(k *Key) error {
		if string(k.OwnerID) != s.Actor.Person() {
			return fault.New(fault.Forbidden, "The key belongs to somebody else, and nobody else may know it. You can revoke it.")
		}
		if !k.isActive() {
			return fault.New(fault.Conflict, "The key was revoked, and never comes back. Make another one.")
		}
		k.FormerHash, k.FormerEnds = "", 0
		if in.Hours > 0 {
			k.FormerHash, k.FormerEnds = k.Hash, s.Now.Add(time.Duration(in.Hours)*time.Hour)
		}
		key = k.anew()
		return nil
	})
	if err != nil {
		return Shown{}, err
	}
	return Shown{ID: row.ID, Key: key, Start: row.Start}, nil
}
