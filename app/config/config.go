// Package config holds what an operator can set, and reads it from config.yaml, the environment and the flags, the later
// winning over the earlier. Each setting is declared once, as a field of Config with its default and one line of help;
// names of variables, checks, the example file and `zygo config show` all come from that declaration. The package imports
// nothing of Zygo but fault. Start reading at Config, then Load.
package config

import (
	"fmt"
	"net"
	"net/url"
	"time"

	"zygo/app/fault"
)

// Config is every setting of an instance. The zero Config is not usable; take one from Load or Defaults.
type Config struct {
	DataDir  string   `key:"data_dir" default:"./zygo-data" help:"Directory of the database, files and keys."`
	Server   Server   `key:"server"`
	TLS      TLS      `key:"tls"`
	Log      Log      `key:"log"`
	Mail     Mail     `key:"mail"`
	SMS      SMS      `key:"sms"`
	Outgoing Outgoing `key:"outgoing"`
	Engine   Engine   `key:"engine"`
	Session  Session  `key:"session"`
	Accounts Accounts `key:"accounts"`
	OAuth    OAuth    `key:"oauth"`
	DNS      DNS      `key:"dns"`
}

// DNS says whom Zygo asks for the records by which organizations prove their domains.
type DNS struct {
	Resolver string `key:"resolver" help:"Name server that is asked for records of custom domains, such as 9.9.9.9:53; empty asks those of the system."`
}

// Server says where Zygo listens and whom it believes.
type Server struct {
	Listen                Listen    `key:"listen" default:"127.0.0.1:8080" help:"Address and port to listen on; :8080 for every address."`
	BaseURL               Origin    `key:"base_url" help:"Address that people type, such as https://zygo.example.com; empty takes it from listen."`
	TrustedProxies        []Network `key:"trusted_proxies" help:"Networks of the reverse proxies whose X-Forwarded headers are believed."`
	BodyLimit             Size      `key:"body_limit" default:"1MiB" min:"64KiB" max:"256MiB" help:"Largest body of a request that is not an upload."`
	UploadLimit           Size      `key:"upload_limit" default:"25MiB" min:"64KiB" max:"16GiB" help:"Largest file that somebody may upload."`
	DiskReserve           Size      `key:"disk_reserve" default:"256MiB" min:"0B" max:"1024GiB" help:"Free space of the disk that uploads and large data of executions leave to the database; 0B leaves none."`
	ConnectionsPerAddress int       `key:"connections_per_address" default:"64" min:"1" max:"65536" help:"Open connections that one address may hold."`
	RequestsPerMinute     int       `key:"requests_per_minute" default:"3000" min:"0" max:"1000000" help:"Requests that one person may send to the API within a minute; 0 sets no bound."`
}

// Log says what the log looks like.
type Log struct {
	Format string `key:"format" default:"auto" choices:"text,json,auto" help:"text, json, or auto: text on a terminal and json elsewhere."`
	Level  string `key:"level" default:"info" choices:"debug,info,warn,error" help:"Least level that is written: debug, info, warn or error."`
}

// Mail is the SMTP server that e-mail is handed to. Without a host Zygo sends none and shows links to copy instead.
type Mail struct {
	Host       string `key:"host" help:"SMTP server; empty sends no e-mail."`
	Port       int    `key:"port" default:"587" min:"1" max:"65535" help:"Port of the SMTP server."`
	Username   string `key:"username" help:"Name to sign in with; empty signs in nowhere."`
	Password   Secret `key:"password" help:"Password to sign in with."`
	Encryption string `key:"encryption" default:"starttls" choices:"none,starttls,tls" help:"none, starttls (port 587) or tls (port 465)."`
	From       string `key:"from" help:"Sender, such as Zygo <zygo@example.com>; needed when host is set."`
}

// SMS is the account with Twilio that text messages are handed to. Without one they are kept in the outbox.
type SMS struct {
	AccountSID       string `key:"account_sid" help:"Account SID at Twilio; empty keeps text messages in the outbox."`
	AuthToken        Secret `key:"auth_token" help:"Auth token of the account."`
	From             string `key:"from" help:"Number or name of the sender, such as +15005550006; or set messaging_service."`
	MessagingService string `key:"messaging_service" help:"SID of the messaging service that chooses the sender, in place of from."`
	BaseURL          Origin `key:"base_url" default:"https://api.twilio.com" help:"Address of the API; a private one needs an entry in outgoing.allow."`
}

// Outgoing says which private addresses workflows and webhooks may reach. Public ones need no entry.
type Outgoing struct {
	Allow []Destination `key:"allow" help:"Private networks (10.1.0.0/16) or host:port that workflows and webhooks may call."`
}

// Engine sizes the workflow engine; zero leaves the number to Zygo.
type Engine struct {
	Workers        int  `key:"workers" default:"0" min:"0" max:"1024" help:"Executions that run at the same time; 0 chooses by the number of cores."`
	SandboxWorkers int  `key:"sandbox_workers" default:"0" min:"0" max:"256" help:"Processes that run code nodes; 0 chooses by the number of cores."`
	KeepDays       int  `key:"keep_days" default:"90" min:"0" max:"36500" help:"Days that executions are kept after their end; a workflow may say another number, and 0 keeps them without an end."`
	KeepFailedDays int  `key:"keep_failed_days" default:"180" min:"0" max:"36500" help:"Days that failed executions are kept."`
	KeepMost       int  `key:"keep_most" default:"0" min:"0" max:"10000000" help:"Finished executions of one workflow that are kept; 0 sets no bound."`
	KeepSize       Size `key:"keep_size" default:"0B" min:"0B" max:"1024GiB" help:"Data that the finished executions of one workflow keep, the oldest go first; 0B sets no bound."`
	HookCalls      int  `key:"hook_calls_per_minute" default:"1000" min:"0" max:"1000000" help:"Calls that one webhook takes within a minute; an organization has five times as many for all of its webhooks. 0 sets no bound."`
}

// Session says when a person has to sign in again.
type Session struct {
	Idle     time.Duration `key:"idle" default:"14d" min:"5m" max:"365d" help:"Signs out after this long without a request."`
	Absolute time.Duration `key:"absolute" default:"90d" min:"5m" max:"365d" help:"Signs out this long after signing in, whatever happens."`
}

// Accounts says who may sign up by themselves, and who may make organizations.
type Accounts struct {
	SignUp  string   `key:"signup" default:"invitation" choices:"open,invitation,domains" help:"Who may sign up: open (anybody), invitation (nobody by themselves) or domains."`
	Domains []string `key:"domains" help:"Domains of the addresses that may sign up where signup is domains, such as example.com."`
	// CreateOrganizations is about people who are signed in.
	CreateOrganizations string `key:"create_organizations" default:"signup" choices:"signup,everybody,operators" help:"Who may make organizations besides operators: signup (everybody, where people may sign up by themselves), everybody or operators."`
}

// URL is the address that links carry, without a slash at the end: the base URL, or one made from Listen, where an
// address that stands for every interface becomes localhost.
func (s Server) URL() string {
	if s.BaseURL != "" {
		return string(s.BaseURL)
	}
	host, port, err := net.SplitHostPort(string(s.Listen))
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	return (&url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}).String()
}

// check finds what one setting alone can't tell. It answers the key to blame.
func (c Config) check() (key string, err error) {
	if c.Server.Listen == "" {
		return "server.listen", fmt.Errorf("is empty; name an address and port, such as 127.0.0.1:8080")
	}
	if c.Session.Idle > c.Session.Absolute {
		return "session.idle", fmt.Errorf("is longer than session.absolute (%s)", formatDuration(c.Session.Absolute))
	}
	if c.Mail.Host != "" && c.Mail.From == "" {
		return "mail.host", fmt.Errorf("is set but mail.from is empty; name the sender, such as Zygo <zygo@example.com>")
	}
	switch sms := c.SMS; {
	case sms.AccountSID == "" && sms.AuthToken != "":
		return "sms.auth_token", fmt.Errorf("is set but sms.account_sid is empty; it begins with AC and stands in Twilio's console")
	case sms.AccountSID == "":
	case sms.AuthToken == "":
		return "sms.account_sid", fmt.Errorf("is set but sms.auth_token is empty")
	case sms.BaseURL == "":
		return "sms.base_url", fmt.Errorf("is empty; leave it out for https://api.twilio.com")
	case (sms.From == "") == (sms.MessagingService == ""):
		return "sms.account_sid", fmt.Errorf("is set, so one of sms.from and sms.messaging_service has to name the sender, and not both")
	}
	if c.Accounts.SignUp == "domains" && len(c.Accounts.Domains) == 0 {
		return "accounts.signup", fmt.Errorf("is domains but accounts.domains is empty; name at least one, such as example.com")
	}
	if _, port, err := net.SplitHostPort(c.DNS.Resolver); c.DNS.Resolver != "" && (err != nil || port == "") {
		return "dns.resolver", fmt.Errorf("is no host and port such as 9.9.9.9:53")
	}
	if c.Mail.Username != "" && c.Mail.Encryption == "none" {
		return "mail.encryption", fmt.Errorf("is none, which would send mail.password in the clear; use starttls or tls")
	}
	if key, err := c.TLS.check(c.Server.BaseURL); err != nil {
		return key, err
	}
	return c.OAuth.check()
}

// Defaults is the configuration of an empty file.
func Defaults() Config {
	loaded, err := Load(Input{})
	if err != nil {
		panic(fault.New(fault.Internal, "a default in package config is not valid").Because(err))
	}
	return loaded.Config
}
