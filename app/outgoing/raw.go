package outgoing

import (
	"bytes"

	gomail "github.com/wneessen/go-mail"

	"zygo/app/fault"
)

// Raw writes a mail for a service that sends it itself, such as Gmail: without From and Message-ID, which the service sets, and with
// Bcc, which the service reads and takes out.
func Raw(message Message) ([]byte, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := fill(msg, message); err != nil {
		return nil, err
	}
	var written bytes.Buffer
	if _, err := msg.WriteTo(&written); err != nil {
		return nil, fault.New(fault.Invalid, "the mail can't be written").Because(err)
	}
	var out bytes.Buffer
	for i, address := range msg.GetBcc() {
		out.WriteString(map[bool]string{true: "Bcc: ", false: ",\r\n "}[i == 0] + address.String())
	}
	if out.Len() > 0 {
		out.WriteString("\r\n")
	}
	header, body, _ := bytes.Cut(written.Bytes(), []byte("\r\n\r\n"))
	for line := range bytes.SplitSeq(header, []byte("\r\n")) {
		if !bytes.HasPrefix(line, []byte("Message-ID:")) { // it would name the machine
			out.Write(line)
			out.WriteString("\r\n")
		}
	}
	out.WriteString("\r\n")
	out.Write(body)
	return out.Bytes(), nil
}
