package counterpart

import (
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// NameServer answers for text records that a test sets.
type NameServer struct {
	mu      sync.Mutex
	records map[string][]string
	broken  bool
	Address string
}

// ServeNames serves on UDP until the test ends.
func ServeNames(t testing.TB) *NameServer {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &NameServer{records: map[string][]string{}, Address: socket.LocalAddr().String()}
	server := &dns.Server{PacketConn: socket, Handler: dns.HandlerFunc(n.answer)}
	var wait sync.WaitGroup
	wait.Go(func() { server.ActivateAndServe() })
	t.Cleanup(func() {
		socket.Close()
		wait.Wait()
	})
	return n
}

func (n *NameServer) answer(w dns.ResponseWriter, question *dns.Msg) {
	n.mu.Lock()
	defer n.mu.Unlock()
	reply := new(dns.Msg)
	reply.SetReply(question)
	name := question.Question[0].Name
	texts, known := n.records[strings.TrimSuffix(name, ".")]
	switch {
	case n.broken:
		reply.Rcode = dns.RcodeServerFailure
	case !known:
		reply.Rcode = dns.RcodeNameError
	}
	for _, text := range texts {
		reply.Answer = append(reply.Answer, &dns.TXT{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeTXT, Class: dns.ClassINET},
			Txt: []string{text[:len(text)/2], text[len(text)/2:]}})
	}
	w.WriteMsg(reply)
}

// Set puts the text records of a name, none if there is none.
func (n *NameServer) Set(name string, texts ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.records[name] = texts; texts == nil {
		delete(n.records, name)
	}
}

// Fail makes the server answer that it can't, as one with trouble of its own does.
func (n *NameServer) Fail(broken bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.broken = broken
}
