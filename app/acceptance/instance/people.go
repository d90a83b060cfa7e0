package instance

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"zygo/app/acceptance/counterpart"
)

// Member finds the membership and the user of somebody in the client's organization.
func (c *Client) Member(name string) (membership, user string) {
	c.Instance.T.Helper()
	var people []struct{ ID, Name string }
	c.Must(c.Call("GET", "users?limit=100", nil), 200, &people)
	var places []struct {
		ID     string
		UserID string `json:"user_id"`
	}
	c.Must(c.Call("GET", "memberships?limit=100", nil), 200, &places)
	for _, person := range people {
		for _, place := range places {
			if person.Name == name && place.UserID == person.ID {
				return place.ID, person.ID
			}
		}
	}
	c.Instance.T.Fatalf("nobody is called %s", name)
	return "", ""
}

// Create creates something and gives its id.
func (c *Client) Create(path string, body map[string]any) string {
	c.Instance.T.Helper()
	var row struct{ ID string }
	c.Must(c.Call("POST", path, body), 201, &row)
	return row.ID
}

// Expect holds the status of one request.
func (c *Client) Expect(status int, method, path string, body any) {
	c.Instance.T.Helper()
	if r := c.Call(method, path, body); r.Status != status {
		c.Instance.T.Errorf("%s %s answers %d and not %d: %s", method, path, r.Status, status, r.Body)
	}
}

// OtherPassword is the new one of a person who changes theirs.
const OtherPassword = "another horse entirely, stapled"

var links = regexp.MustCompile(`http://[^\s]+`)

// LinkIn is the path of the link in a mail.
func (i *Instance) LinkIn(text string) string {
	i.T.Helper()
	link := links.FindString(text)
	if !strings.HasPrefix(link, i.URL) {
		i.T.Fatalf("the mail leads to %q: %s", link, text)
	}
	return strings.TrimPrefix(link, i.URL)
}

// TokenIn is the token of a link.
func TokenIn(path string) string { return path[strings.Index(path, "token=")+len("token="):] }

// WithMail serves an instance that hands its mails to a mailbox.
func WithMail(t testing.TB, settings ...string) (*Instance, *counterpart.Mailbox) {
	t.Helper()
	box, port := counterpart.ReceiveMail(t)
	return Start(t, append(settings, "mail.host=127.0.0.1", "mail.port="+
		port, "mail.encryption=none", "mail.from=Zygo <zygo@acme.test>")...), box
}

// SignIn signs in by an address and a password.
func (c *Client) SignIn(email, password string) Reply {
	c.Instance.T.Helper()
	return c.Call("POST", "auth/login", map[string]string{"email": email, "password": password})
}

// Code is what an app shows now, or so many steps later.
func (i *Instance) Code(secret string, steps int) string {
	i.T.Helper()
	text, err := totp.GenerateCode(secret, i.Now().Add(time.Duration(steps)*codeStep))
	if err != nil {
		i.T.Fatal(err)
	}
	return text
}

// Enrol sets up an app for the client, and gives its secret and the backup codes. The code of the step now is used up.
func (c *Client) Enrol() (secret string, codes []string) {
	c.Instance.T.Helper()
	var setup struct{ Secret, URI, QR string }
	c.Must(c.Call("POST", "auth/mfa/totp/setup", nil), 200, &setup)
	if !strings.HasPrefix(setup.URI, "otpauth://totp/") || !strings.HasPrefix(setup.QR, "data:image/png;base64,") {
		c.Instance.T.Errorf("the set-up shows %q and %.30q", setup.URI, setup.QR)
	}
	var out struct {
		Tokens
		BackupCodes []string `json:"backup_codes"`
	}
	c.Must(c.Call("POST", "auth/mfa/totp/verify", map[string]string{"code": c.Instance.Code(setup.Secret, 0)}), 200, &out)
	if len(out.BackupCodes) != 10 {
		c.Instance.T.Fatalf("there are %d backup codes", len(out.BackupCodes))
	}
	if out.AccessToken != "" {
		c.Token = out.AccessToken
	}
	return setup.Secret, out.BackupCodes
}

// Member is a row of the list of memberships.
type Member struct {
	ID     string
	UserID string `json:"user_id"`
	Role   string
}

// Members are the memberships of the client's organization by role.
func (c *Client) Members() map[string]Member {
	c.Instance.T.Helper()
	var rows []Member
	c.Must(c.Call("GET", "memberships?limit=100", nil), 200, &rows)
	byRole := map[string]Member{}
	for _, row := range rows {
		byRole[row.Role] = row
	}
	return byRole
}

// UserID is that of the client's person.
func (c *Client) UserID() string {
	c.Instance.T.Helper()
	var me struct{ ID string }
	c.Must(c.Call("GET", "users/me", nil), 200, &me)
	return me.ID
}

// Tenant is an organization as the API shows it.
type Tenant struct {
	ID, Name, Slug string
}

// TenantOf is the organization that the client's session is in.
func TenantOf(c *Client) string {
	c.Instance.T.Helper()
	var me struct{ Tenant Tenant }
	c.Must(c.Call("GET", "users/me", nil), 200, &me)
	return me.Tenant.ID
}

// Tokens are what a sign-in gives a program.
type Tokens struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
}

// SignIn signs a person in as a client of the API.
func (i *Instance) SignIn(who string) Tokens {
	i.T.Helper()
	c := &Client{Instance: i}
	var out Tokens
	c.Must(c.Call("POST", "auth/login", map[string]string{"email": who + ".test", "password": Password}), 200, &out)
	return out
}
