package instance

// Domain is a domain as the API shows it.
type Domain struct{ ID, Name, State, Challenge, Found string }

// ClaimDomain adds a domain.
func (c *Client) ClaimDomain(name string) (row Domain) {
	c.Instance.T.Helper()
	c.Must(c.Call("POST", "domains", map[string]string{"name": name}), 201, &row)
	return row
}

// VerifyDomain looks for the record of a claimed domain.
func (c *Client) VerifyDomain(id string) (row Domain) {
	c.Instance.T.Helper()
	c.Must(c.Call("POST", "domains/"+id+"/verify", nil), 200, &row)
	return row
}
