// Package inbox reads new messages of a mailbox by IMAP. It keeps no state: the caller holds the position up to which it read, as the
// server counts (RFC 9051, 2.3.1.1). Start at Open.
package inbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"zygo/app/fault"
	"zygo/app/outgoing"
)

const (
	// MostAtOnce is how many messages one visit brings, and MostBytes how large one may be.
	MostAtOnce = 20
	MostBytes  = 10 << 20
	// mostOfVisit bounds what a server may send in one visit.
	mostOfVisit = 64 << 20
	// visitTime bounds one visit.
	visitTime = 2 * time.Minute
)

// Encryption is how a connection is secured.
type Encryption string

// The ways: from the first byte on, from the first command on, or not at all.
const (
	TLS      Encryption = "tls"
	StartTLS Encryption = "starttls"
	Plain    Encryption = "none"
)

// Account is a mailbox and the folder that is read in it.
type Account struct {
	Host       string // with or without a port
	Encryption Encryption
	User       string
	Password   string
	Folder     string
}

// Position is how far a folder was read. The zero Position is that of a folder that was never read.
type Position struct{ Validity, UID uint32 }

// Message is one of the mailbox. Raw is nil where it is too large.
type Message struct {
	UID  uint32
	Size int64
	Raw  []byte
}

// Disposal is what becomes of a message that was read.
type Disposal struct {
	// Seen marks it as read, Delete removes it, and Folder is where it is moved, empty for nowhere.
	Seen, Delete bool
	Folder       string
}

// Box is a folder of a mailbox that is open.
type Box struct {
	client   *imapclient.Client
	selected *imap.SelectData
}

// Open signs in and selects the folder. Errors are faults with a sentence; Unavailable means that trying again may help.
func Open(ctx context.Context, guard *outgoing.Guard, a Account) (*Box, error) {
	protocol := outgoing.Protocol{Name: "IMAP", Port: 993}
	if a.Encryption != TLS {
		protocol.Port = 143
	}
	address := a.Host
	if _, _, err := net.SplitHostPort(address); err != nil {
		address = net.JoinHostPort(strings.Trim(address, "[]"), fmt.Sprint(protocol.Port))
	}
	conn, err := guard.Dial(ctx, address, protocol)
	if err != nil {
		return nil, said("The mail server can't be reached", err)
	}
	if err := conn.SetDeadline(time.Now().Add(visitTime)); err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(address)
	settings := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	bounded := &boundedConn{conn, mostOfVisit}
	box := &Box{}
	switch a.Encryption {
	case TLS:
		box.client = imapclient.New(tls.Client(bounded, settings), nil)
	case StartTLS:
		if box.client, err = imapclient.NewStartTLS(bounded, &imapclient.Options{TLSConfig: settings}); err != nil {
			return nil, said("The mail server does not begin TLS", err)
		}
	default:
		box.client = imapclient.New(bounded, nil)
	}
	if err := box.client.Login(a.User, a.Password).Wait(); err != nil {
		box.Close()
		return nil, said("The mail server does not let "+a.User+" in", err)
	}
	if box.selected, err = box.client.Select(a.Folder, nil).Wait(); err != nil {
		box.Close()
		return nil, said("The folder "+a.Folder+" can't be opened", err)
	}
	return box, nil
}

// said is what the server said, without what could be a password.
func said(what string, err error) error {
	reason := "the connection ended"
	var answer *imap.Error
	if errors.As(err, &answer) && answer.Text != "" {
		reason = answer.Text
	} else if f, ok := fault.As(outgoing.Explain(err)); ok {
		reason = f.Message
	}
	return fault.New(fault.Unavailable, "%s: %.300s", what, strings.ToValidUTF8(reason, "\ufffd")).Because(err)
}

// Close ends the connection.
func (b *Box) Close() { _ = b.client.Close() }

// Read gives the messages behind a position, the oldest first, at most MostAtOnce, the position behind them, and whether there are
// more. Of a folder that was never read, or that the server numbered anew, it gives none and the position behind its last message.
func (b *Box) Read(after Position, unread bool) (messages []Message, now Position, more bool, err error) {
	now = Position{b.selected.UIDValidity, after.UID}
	if after.Validity != now.Validity {
		now.UID = max(uint32(b.selected.UIDNext), 1) - 1
		return nil, now, false, nil
	}
	newer := &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(after.UID + 1)}}}}
	if unread {
		newer.NotFlag = []imap.Flag{imap.FlagSeen}
	}
	found, err := b.client.UIDSearch(newer, nil).Wait()
	if err != nil {
		return nil, after, false, said("The mail server can't search", err)
	}
	var wanted imap.UIDSet
	for _, uid := range found.AllUIDs() {
		if uint32(uid) <= after.UID { // the last one is always among them (RFC 9051, 9)
			continue
		}
		if len(messages) == MostAtOnce {
			more = true
			break
		}
		wanted.AddNum(uid)
		messages = append(messages, Message{UID: uint32(uid)})
	}
	if len(messages) == 0 {
		return nil, now, false, nil
	}
	sizes, err := b.client.Fetch(wanted, &imap.FetchOptions{UID: true, RFC822Size: true}).Collect()
	if err != nil {
		return nil, after, false, said("The mail server can't tell the sizes of messages", err)
	}
	size := map[uint32]int64{}
	for _, one := range sizes {
		size[uint32(one.UID)] = one.RFC822Size
	}
	total := int64(0)
	for i := range messages {
		m := &messages[i]
		m.Size = size[m.UID]
		if total += m.Size; i > 0 && total > mostOfVisit/2 {
			messages, more = messages[:i], true // the next visit has room for them
			break
		}
		if m.Size > MostBytes {
			continue
		}
		if m.Raw, err = b.fetch(m.UID); err != nil {
			return nil, after, false, err
		}
	}
	now.UID = messages[len(messages)-1].UID
	return messages, now, more, nil
}

// fetch gives a message whole, and leaves it unread.
func (b *Box) fetch(uid uint32) ([]byte, error) {
	whole := &imap.FetchItemBodySection{Peek: true}
	came, err := b.client.Fetch(imap.UIDSetNum(imap.UID(uid)), &imap.FetchOptions{
		UID:         true,
		BodySection: []*imap.FetchItemBodySection{whole},
	}).Collect()
	if err != nil {
		return nil, said("The mail server can't send a message", err)
	}
	for _, one := range came {
		if raw := one.FindBodySection(whole); raw != nil {
			return raw, nil
		}
	}
	return []byte{}, nil // it was deleted in this moment
}

// Dispose does with messages what is to become of them.
func (b *Box) Dispose(messages []Message, d Disposal) error {
	var set imap.UIDSet
	for _, m := range messages {
		set.AddNum(imap.UID(m.UID))
	}
	flag := func(flag imap.Flag) error {
		return b.client.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{flag}}, nil).Close()
	}
	var err error
	switch {
	case len(messages) == 0:
	case d.Folder != "":
		_, err = b.client.Move(set, d.Folder).Wait()
	case d.Delete:
		if err = flag(imap.FlagDeleted); err == nil && b.client.Caps().Has(imap.CapUIDPlus) {
			err = b.client.UIDExpunge(set).Close()
		} else if err == nil {
			err = b.client.Expunge().Close()
		}
	case d.Seen:
		err = flag(imap.FlagSeen)
	}
	if err != nil {
		return said("The messages stay as they were", err)
	}
	return nil
}

// boundedConn reads so many bytes at most.
type boundedConn struct {
	net.Conn
	left int
}

var errTooMuch = fault.New(fault.Unavailable, "the mail server sends more than %d MiB", mostOfVisit>>20)

func (c *boundedConn) Read(into []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTooMuch
	}
	n, err := c.Conn.Read(into[:min(len(into), c.left)])
	c.left -= n
	return n, err
}
