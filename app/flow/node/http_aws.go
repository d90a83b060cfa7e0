package node

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// signForAWS signs a request as AWS and services with the same API ask for (Signature Version 4).
func (q *httpCall) signForAWS(r *http.Request) error {
	p := q.p
	body, err := sentBody(r)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	isStorage := p.AWSService == "s3"
	if isStorage {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	credentials := aws.Credentials{
		AccessKeyID:     string(p.AccessKey),
		SecretAccessKey: string(p.SecretKey),
		SessionToken:    string(p.SessionToken),
	}
	return v4.NewSigner().SignHTTP(r.Context(), credentials, r, hash, string(p.AWSService), string(p.Region), q.call.Now.UTC(),
		func(o *v4.SignerOptions) { o.DisableURIPathEscaping = isStorage })
}
