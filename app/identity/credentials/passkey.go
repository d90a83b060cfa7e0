package credentials

import (
	"encoding/base64"
	"encoding/json"
	"errors"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// passkey is the public half of a key that a person's device holds. It signs in without a password, and counts as a second
// factor besides one, because the device asks for a finger, a face or a PIN before it signs.
type passkey struct {
	N      int64
	ID     string
	UserID string
	Name   string
	// Host is the host name that it signs for, the relying party's id.
	Host         string
	CredentialID string
	Credential   []byte
	CreatedAt    field.Time
	UsedAt       field.Time
}

var passkeys = passkeyTable()

func passkeyTable() *resource.Table {
	t := resource.NewTable[passkey]("passkey")
	t.Subject = "user_id"
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"credential_id"}}
	t.Indexes = []resource.Index{{Columns: []string{"user_id"}}}
	return t
}

const (
	longestPasskeyName = 100
	mostPasskeys       = 20
)

// Passkey is a passkey as its owner sees it.
type Passkey struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Host is the domain of an organization at which alone it works; it is empty for one of the instance's own hosts.
	Host      string     `json:"host"`
	CreatedAt field.Time `json:"created_at"`
	UsedAt    field.Time `json:"used_at"`
}

// Ceremony is what a device is asked to sign. Options go to the browser as they are, and Ceremony comes back with the answer.
type Ceremony struct {
	Ceremony string          `json:"ceremony"`
	Options  json.RawMessage `json:"options"`
}

// The purposes of a passkey's questions.
const (
	passkeyRegistration = "passkey_registration"
	passkeySignIn       = "passkey_sign_in"
	passkeyProof        = "passkey_proof"
)

// passkeyOwner is a user as the library sees one.
type passkeyOwner struct {
	id, name, email string
	credentials     []webauthn.Credential
}

func (o passkeyOwner) WebAuthnID() []byte { return []byte(o.id) }

func (o passkeyOwner) WebAuthnName() string { return o.email }

func (o passkeyOwner) WebAuthnDisplayName() string { return o.name }

func (o passkeyOwner) WebAuthnCredentials() []webauthn.Credential { return o.credentials }

// ownerOf is a user with their passkeys of one host.
func ownerOf(s *resource.Session, user, host string) (passkeyOwner, error) {
	found, err := resource.Select[people.User](s, "SELECT * FROM {user} WHERE id = ? AND suspended_at IS NULL", user)
	if err == nil && len(found) == 0 {
		err = people.ErrSignIn()
	}
	if err != nil {
		return passkeyOwner{}, err
	}
	owner := passkeyOwner{id: user, name: found[0].Name, email: string(found[0].Email)}
	held, err := resource.Select[[]byte](s, "SELECT credential FROM {passkey} WHERE user_id = ? AND host = ? ORDER BY n", user, host)
	for _, text := range held {
		var credential webauthn.Credential
		if err := json.Unmarshal(text, &credential); err != nil {
			return passkeyOwner{}, err
		}
		owner.credentials = append(owner.credentials, credential)
	}
	return owner, err
}

// askPasskey keeps what the answer is checked against, and gives the browser what it asks the device.
func askPasskey(system *resource.Session, user, purpose string, options any, held *webauthn.SessionData) (*Ceremony, error) {
	data, err := json.Marshal(held)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(options)
	if err != nil {
		return nil, err
	}
	token, err := Ask(system, Question{UserID: user, Purpose: purpose, Data: data})
	return &Ceremony{token, text}, err
}

// answered takes a ceremony's challenge away and gives what its answer is checked against. It is answered at the host where
// it was asked: the library would check by that one, and keep the passkey for this.
func answered(system *resource.Session, party *webauthn.WebAuthn,
	token, purpose string) (user string, held webauthn.SessionData, err error) {
	err = system.Write(func(s *resource.Session) error {
		c, err := Asked(s, token, purpose)
		if err != nil {
			return err
		}
		user, held = c.UserID, webauthn.SessionData{}
		if err := json.Unmarshal(c.Data, &held); err != nil {
			return err
		}
		return c.Close(s)
	})
	if err == nil && held.RelyingPartyID != party.Config.RPID {
		err = errPasskey(nil)
	}
	return user, held, err
}

// BeginPasskey asks the person's device for a new key.
func (a *Service) BeginPasskey(p *people.Person) (*Ceremony, error) {
	if err := p.RequireRecent(); err != nil {
		return nil, err
	}
	system := p.Personal()
	party, err := a.relyingParty(system)
	if err != nil {
		return nil, err
	}
	owner, err := ownerOf(system, p.User.ID, party.Config.RPID)
	if err != nil {
		return nil, err
	}
	count, err := resource.SelectOne[int](system, "SELECT count(*) FROM {passkey} WHERE user_id = ?", p.User.ID)
	if err != nil {
		return nil, err
	}
	if count >= mostPasskeys {
		return nil, fault.New(fault.Conflict, "You have %d passkeys. Remove one that you don't use any more.", mostPasskeys)
	}
	options, held, err := party.BeginRegistration(owner,
		webauthn.WithExclusions(webauthn.Credentials(owner.credentials).CredentialDescriptors()))
	if err != nil {
		return nil, err
	}
	return askPasskey(system, p.User.ID, passkeyRegistration, options, held)
}

// FinishPasskey stores the key that a device made.
func (a *Service) FinishPasskey(p *people.Person, ceremony, name string, answer []byte) (*Enrolled, error) {
	if err := p.RequireRecent(); err != nil {
		return nil, err
	}
	name, err := passkeyName(name)
	if err != nil {
		return nil, err
	}
	system := p.Personal()
	party, err := a.relyingParty(system)
	if err != nil {
		return nil, err
	}
	user, held, err := answered(system, party, ceremony, passkeyRegistration)
	if err != nil {
		return nil, err
	}
	owner, err := ownerOf(system, p.User.ID, party.Config.RPID)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil || user != p.User.ID {
		return nil, errPasskey(err)
	}
	credential, err := party.CreateCredential(owner, held, parsed)
	if err != nil {
		return nil, errPasskey(err)
	}
	text, err := json.Marshal(credential)
	if err != nil {
		return nil, err
	}
	row := passkey{
		ID:           resource.NewID(),
		UserID:       user,
		Name:         name,
		Host:         party.Config.RPID,
		CredentialID: base64.RawURLEncoding.EncodeToString(credential.ID),
		Credential:   text,
		CreatedAt:    system.Now,
	}
	enrol, enrolled := a.enrolment(p)
	return enrolled, system.Write(func(s *resource.Session) error {
		row.N = 0
		if err := s.Insert(passkeys, &row); err != nil {
			return err
		}
		if err := s.Record("user", "passkey_added", p.User.ID, resource.Success); err != nil {
			return err
		}
		if err := a.tenants.Mail(s, a.factorLetter(p.User, "A passkey was added", s.Now)); err != nil {
			return err
		}
		return enrol(s)
	})
}

func passkeyName(name string) (string, error) {
	name = field.Line(name)
	if name == "" {
		name = "Passkey"
	}
	if len(name) > longestPasskeyName {
		return "", fault.InvalidField("name", "has more than %d bytes", longestPasskeyName)
	}
	return name, nil
}

// RenamePasskey gives one of the person's passkeys another name.
func (a *Service) RenamePasskey(p *people.Person, id, name string) error {
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	return a.changePasskey(p, "passkey_renamed", func(s *resource.Session, where []resource.Pair) (int64, error) {
		return s.Change(passkeys, []resource.Pair{{Column: "name", Value: name}}, where)
	}, id)
}

// RemovePasskey makes one of the person's passkeys worthless.
func (a *Service) RemovePasskey(p *people.Person, id string) error {
	if err := a.sessions.MayChange(p); err != nil {
		return err
	}
	return a.changePasskey(p, "passkey_removed", func(s *resource.Session, where []resource.Pair) (int64, error) {
		count, err := s.Erase(passkeys, where...)
		if err != nil || count == 0 {
			return count, err
		}
		if err := a.tenants.Mail(s, a.factorLetter(p.User, "A passkey was removed", s.Now)); err != nil {
			return count, err
		}
		return count, errors.Join(a.dropLeftovers(s, p.User.ID), a.keepSignInMethod(s, p.User.ID))
	}, id)
}

func (a *Service) changePasskey(p *people.Person, event string, change func(s *resource.Session, where []resource.Pair) (int64, error),
	id string) error {
	return p.Personal().Write(func(s *resource.Session) error {
		count, err := change(s, []resource.Pair{{Column: "user_id", Value: p.User.ID}, {Column: "id", Value: id}})
		if err == nil && count == 0 {
			err = fault.New(fault.NotFound, "You have no such passkey.")
		}
		if err != nil {
			return err
		}
		return s.Record("user", event, p.User.ID, resource.Success)
	})
}

func errPasskey(cause error) error {
	return fault.New(fault.Unauthenticated, "The passkey was not accepted. Try again, or take another way.").Because(cause)
}
