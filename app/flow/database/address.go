package database

import (
	"crypto/tls"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The databases.
const (
	Postgres = "postgres"
	MySQL    = "mysql"
)

// address is where a database is and who signs in.
type address struct {
	kind, host, port     string
	user, password, name string
	// tls is nil where the address says that nothing is encrypted.
	tls *tls.Config
}

// modes of encryption, as PostgreSQL calls them. Without one the server has to prove who it is.
var modes = []string{"disable", "require", "verify-full"}

// HasPassword tells whether an address holds a password in the clear.
func HasPassword(text string) bool {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.User == nil {
		return strings.Contains(text, "@") && strings.Contains(text, "://")
	}
	_, has := u.User.Password()
	return has
}

// CheckAddress refuses what is no address of a database.
func CheckAddress(text string) error {
	_, err := parseAddress(text)
	return err
}

// parseAddress reads an address. No sentence repeats it, because it holds a password. What the drivers could read beyond it, such
// as files and the environment, is not for workflows.
func parseAddress(text string) (*address, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return nil, wrong("This is no address such as postgres://user:password@db.example.com/name. Signs such as @ and # in the password are written as %%40 and %%23.")
	}
	a := &address{host: u.Hostname(), port: u.Port(), name: strings.TrimPrefix(u.Path, "/")}
	switch u.Scheme {
	case "postgres", "postgresql":
		a.kind = Postgres
	case "mysql", "mariadb":
		a.kind = MySQL
	default:
		return nil, wrong("The address of a database begins with postgres:// or mysql://.")
	}
	if a.port == "" {
		a.port = map[string]string{Postgres: "5432", MySQL: "3306"}[a.kind]
	}
	if n, err := strconv.ParseUint(a.port, 10, 16); err != nil || n == 0 {
		return nil, wrong("The address of the database has no valid port.")
	}
	if a.host == "" || strings.ContainsAny(a.host, ",/") {
		return nil, wrong("The address of the database names no host.")
	}
	if u.User != nil {
		a.user = u.User.Username()
		a.password, _ = u.User.Password()
	}
	mode := "verify-full"
	settings, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		settings = url.Values{"": nil}
	}
	for name, values := range settings {
		if name != "sslmode" || len(values) != 1 || !slices.Contains(modes, values[0]) {
			return nil, wrong("The address of the database may end in ?sslmode= with %s, and in nothing else.", strings.Join(modes, ", "))
		}
		mode = values[0]
	}
	switch mode {
	case "require":
		a.tls = &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}
	case "verify-full":
		a.tls = &tls.Config{ServerName: a.host, MinVersion: tls.VersionTLS12}
	}
	return a, nil
}
