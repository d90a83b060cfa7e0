package safety

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"zygo/app/acceptance/instance"
)

// mostMemory is the memory that a flood may take at most, in kB: two hashes at once hold 19 MiB each, bodies are read one by one.
const mostMemory = 300 << 10

// TestAFloodIsShed lets many sign in at once while others hold connections open and send bodies that grow when they are
// unpacked. Zygo answers each or refuses it, stays small, and lets its people in. TEST_FLOOD says how many.
func TestAFloodIsShed(t *testing.T) {
	t.Parallel()
	flood := instance.Number(t, "TEST_FLOOD", 150)
	i := instance.StartBinary(t, "server.trusted_proxies=127.0.0.0/8", "server.connections_per_address=8192")
	for range flood {
		conn, err := net.Dial("tcp", strings.TrimPrefix(i.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n")
	}
	var bomb bytes.Buffer
	packed := gzip.NewWriter(&bomb)
	packed.Write(make([]byte, 32<<20))
	packed.Close()
	nobody := &instance.Client{Instance: i}
	var group sync.WaitGroup
	var mutex sync.Mutex
	answers := map[int]int{}
	send := func(path string, body any, headers ...string) {
		group.Go(func() {
			r, err := nobody.Try("POST", path, body, headers...)
			if err != nil {
				t.Error(err)
				return
			}
			mutex.Lock()
			defer mutex.Unlock()
			answers[r.Status]++
		})
	}
	for n := range flood {
		send("auth/login", map[string]string{"email": fmt.Sprintf("nobody%d@acme.test", n), "password": "not the password"},
			"X-Forwarded-For", fmt.Sprintf("203.0.%d.%d", n/250, n%250+1))
		if n%10 == 0 {
			send("auth/login", bomb.String(), "Content-Encoding", "gzip", "Content-Type", "application/json", "X-Forwarded-For",
				"198.51.100.1")
		}
	}
	for range 5 {
		nobody.Expect(200, "GET", "/health", nil)
	}
	group.Wait()
	t.Logf("the answers were %v", answers)
	for status := range answers {
		if status != 401 && status != 429 && status != 400 && status != 413 && status != 415 {
			t.Errorf("%d answers were %d", answers[status], status)
		}
	}
	if peak := peak(i); peak > mostMemory {
		t.Errorf("the flood took %d MB", peak>>10)
	}
	i.As("owner@acme")
}

// TestGuessesLockNobodyOut guesses one person's password from one address and from many, and lets them in from theirs.
func TestGuessesLockNobodyOut(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t, "server.trusted_proxies=127.0.0.0/8")
	nobody := &instance.Client{Instance: i}
	guess := func(from, email, password string) int {
		return nobody.Call("POST", "auth/login", map[string]string{"email": email, "password": password}, "X-Forwarded-For", from).Status
	}
	refused := 0
	for n := range 60 {
		switch status := guess("203.0.113.9", "editor@acme.test", fmt.Sprint("a wrong password ", n)); status {
		case 429:
			refused++
		case 401:
		default:
			t.Errorf("a guess answers %d", status)
		}
	}
	if refused < 50 {
		t.Errorf("only %d of 60 guesses were slowed", refused)
	}
	// Neither those who share the network nor the owner elsewhere pay for it.
	if status := guess("203.0.113.9", "viewer@acme.test", instance.Password); status != 200 {
		t.Errorf("the address of the guesses signs somebody else in with %d", status)
	}
	if status := guess("192.0.2.7", "editor@acme.test", instance.Password); status != 200 {
		t.Errorf("the owner of the account signs in with %d", status)
	}
}

// peak is the most memory that the process held, in kB.
func peak(i *instance.Instance) int {
	i.T.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", i.Process.Process.Pid))
	if err != nil {
		i.T.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		i.T.Fatal(err)
	}
	return kilobytes
}
