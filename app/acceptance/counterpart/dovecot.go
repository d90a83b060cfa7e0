package counterpart

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
)

// Inbox is a mailbox at a real IMAP server, to which anybody signs in with the password "secret".
type Inbox struct {
	// Host is where the server listens without TLS.
	Host string

	dir   string
	count int
}

// IMAP starts Dovecot with a mailbox.
func IMAP(t testing.TB) *Inbox {
	t.Helper()
	dir := folder(t)
	id := os.Getuid()
	if id == 0 {
		id = nobody
	}
	who, err := user.LookupId(strconv.Itoa(id))
	if err != nil {
		t.Fatal(err)
	}
	group, err := user.LookupGroupId(who.Gid)
	if err != nil {
		t.Fatal(err)
	}
	box := &Inbox{Host: "127.0.0.1:" + port(t), dir: dir}
	for _, name := range []string{"new", "cur", "tmp"} {
		path := filepath.Join(dir, "mail", name)
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
		own(t, filepath.Dir(path))
		own(t, path)
	}
	config := fmt.Sprintf(`base_dir = %[1]s/run
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:%[1]s/mail
default_internal_user = %[2]s
default_internal_group = %[3]s
default_login_user = %[2]s
first_valid_uid = 1
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=%[4]s gid=%[5]s home=%[1]s
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %[6]s
  }
  inet_listener imaps {
    port = 0
  }
}
`, dir, who.Username, group.Name, who.Uid, who.Gid, box.Host[len("127.0.0.1:"):])
	path := filepath.Join(dir, "dovecot.conf")
	write(t, path, config)
	serve(t, unprivileged(program(t, "/usr/sbin/dovecot"), "-F", "-c", path), "starting up for imap")
	return box
}

// Deliver puts a message into the mailbox as mail servers do (https://cr.yp.to/proto/maildir.html).
func (b *Inbox) Deliver(t testing.TB, message string) {
	t.Helper()
	b.count++
	name := fmt.Sprintf("%010d.M%d.host", b.count, b.count)
	path := filepath.Join(b.dir, "mail", "tmp", name)
	write(t, path, message)
	if err := os.Rename(path, filepath.Join(b.dir, "mail", "new", name)); err != nil {
		t.Fatal(err)
	}
}
