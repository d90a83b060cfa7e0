package safety

import (
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net/mail"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"zygo/app/acceptance/counterpart"
	"zygo/app/acceptance/instance"
	"zygo/store"
)

// invitedPerLife is how many people each life of the process invites. An organization may invite 300 an hour.
const invitedPerLife = 4

// delivery is a mail that came to the mail server.
type delivery struct {
	to, id string
	at     time.Time
}

// fatalServer is a mail server during whose mails the process dies.
type fatalServer struct {
	mu         sync.Mutex
	deliveries []delivery
	// left counts the mails until the next death. The process dies before the answer where holds is true, and about the time
	// of the answer otherwise.
	left  int
	holds bool
	die   chan struct{}
	dead  chan struct{}
}

func (f *fatalServer) NewSession(*smtp.Conn) (smtp.Session, error) { return f, nil }

func (f *fatalServer) Mail(string, *smtp.MailOptions) error { return nil }

func (f *fatalServer) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (f *fatalServer) Reset() {}

func (f *fatalServer) Logout() error { return nil }

func (f *fatalServer) Data(r io.Reader) error {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.deliveries = append(f.deliveries, delivery{strings.Trim(message.Header.Get("To"), "<>"), message.Header.Get("Message-Id"),
		time.Now()})
	f.left--
	dies, holds, dead := f.left == 0, f.holds, f.dead
	f.mu.Unlock()
	if dies {
		f.die <- struct{}{}
	}
	if dies && holds {
		<-dead
	}
	return nil
}

// arm lets the process die during one of the next mails.
func (f *fatalServer) arm(random *rand.Rand) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left, f.holds, f.dead = 1+random.IntN(invitedPerLife), random.IntN(2) == 0, make(chan struct{})
}

// kept is a job that sent a mail, as the database has it.
type kept struct {
	state string
	ended time.Time
}

// brokenMails lists the promises that the queue did not keep. Each kill may repeat the one mail that was under way.
func brokenMails(promised []string, jobs map[string]kept, deliveries []delivery, kills int) (broken []string) {
	say := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	ids, repeated := map[string]string{}, 0
	for _, d := range deliveries {
		if _, again := ids[d.to]; again {
			repeated++
		}
		if id, again := ids[d.to]; again && id != d.id {
			say("%s got two different mails", d.to)
		}
		ids[d.to] = d.id
		switch job, ok := jobs[d.to]; {
		case !ok:
			say("nothing was stored of the mail to %s", d.to)
		case d.at.After(job.ended):
			say("the mail to %s came %s after its end was recorded", d.to, d.at.Sub(job.ended))
		}
	}
	for _, to := range promised {
		if _, ok := jobs[to]; !ok {
			say("the promised mail to %s is lost", to)
		}
	}
	for to, job := range jobs {
		if job.state != "done" {
			say("the job of the mail to %s is %s", to, job.state)
		}
		if ids[to] == "" {
			say("the mail to %s never came", to)
		}
	}
	if repeated > kills {
		say("%d mails came again after %d kills", repeated, kills)
	}
	return broken
}

// TestKillsLoseNoJob kills the process while the queue sends mails: each mail of a committed transaction comes, none comes after
// its end was recorded, and periodic work is there once.
func TestKillsLoseNoJob(t *testing.T) {
	t.Parallel()
	kills := min(instance.Number(t, "TEST_KILLS", 8), 70)
	random := rand.New(rand.NewPCG(instance.Seed(t), 1))
	server := &fatalServer{die: make(chan struct{}, 1)}
	i := instance.StartBinary(t, "mail.host=127.0.0.1", "mail.port="+counterpart.ServeMail(t, server), "mail.encryption=none",
		"mail.from=Zygo <zygo@acme.test>", "log.level=error")
	owner := i.As("owner@acme")
	var promised []string
	for life := range kills {
		server.arm(random)
		var addresses []string
		for n := range invitedPerLife {
			addresses = append(addresses, fmt.Sprintf("life%d-%d@example.com", life, n))
		}
		answered := make(chan error, 1)
		go func() {
			r, err := owner.Try("POST", "invitations", map[string]any{"emails": addresses, "role": "viewer"})
			if err == nil && r.Status != 200 {
				t.Errorf("the invitation answers %d %s", r.Status, r.Body)
			}
			answered <- err
		}()
		select {
		case <-server.die:
		case <-time.After(instance.Patience):
			t.Fatal("no mail came")
		}
		i.Kill()
		close(server.dead)
		if <-answered == nil {
			promised = append(promised, addresses...)
		}
		i.Serve()
	}
	instance.Eventually(t, "an outbox without anything that waits", func() bool {
		return i.Count("SELECT count(*) FROM t_job WHERE name = 'send-email' AND ended_at IS NULL") == 0
	})
	if n := i.Count("SELECT count(*) FROM t_job WHERE key = 'periodic'") - i.Count(
		"SELECT count(DISTINCT name) FROM t_job WHERE key = 'periodic'"); n != 0 {
		t.Errorf("%d periodic jobs are there twice", n)
	}
	if code := i.Stop(); code != 0 {
		t.Errorf("the last stop gives %d", code)
	}
	if out, failed, code := i.Command("doctor"); code != 0 {
		t.Errorf("doctor finds after the kills:\n%s%s", out, failed)
	}
	jobs := mailJobs(t, i)
	for _, b := range brokenMails(promised, jobs, server.deliveries, kills) {
		t.Error(b)
	}
	t.Logf("%d kills: %d promised mails, %d stored, %d deliveries", kills, len(promised), len(jobs), len(server.deliveries))
	if len(promised) == 0 || len(server.deliveries) < kills {
		t.Fatal("the load was too small to show anything")
	}
	// The check finds what it is for.
	last := server.deliveries[len(server.deliveries)-1]
	for name, lie := range map[string][]string{
		"a lost mail":    brokenMails(append(promised, "nobody@example.com"), jobs, server.deliveries, kills),
		"a late mail":    brokenMails(promised, jobs, append(server.deliveries, delivery{last.to, last.id, time.Now()}), kills),
		"another mail":   brokenMails(promised, jobs, append(server.deliveries, delivery{last.to, "another", last.at}), kills),
		"a missing mail": brokenMails(promised, jobs, server.deliveries[:0], kills),
		"too many":       brokenMails(promised, jobs, append(server.deliveries, server.deliveries...), 0),
	} {
		if len(lie) == 0 {
			t.Errorf("the check does not find %s", name)
		}
	}
}

// mailJobs reads the jobs that sent mails from the database of the stopped instance, by the recipient.
func mailJobs(t *testing.T, i *instance.Instance) map[string]kept {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.Dir, store.FileName)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(
		"SELECT m.recipient, j.state, coalesce(j.ended_at, 0) FROM t_message m JOIN t_job j ON j.id = m.id WHERE m.recipient LIKE 'life%'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	jobs := map[string]kept{}
	for rows.Next() {
		var to, state string
		var ended int64
		if err := rows.Scan(&to, &state, &ended); err != nil {
			t.Fatal(err)
		}
		jobs[to] = kept{state, time.UnixMicro(ended)}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return jobs
}
