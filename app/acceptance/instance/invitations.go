package instance

// Invitation is what became of one invited address.
type Invitation struct{ Email, Outcome, ID, Link string }

// Invite asks addresses in and gives the outcomes by address.
func (c *Client) Invite(role string, emails ...string) map[string]Invitation {
	c.Instance.T.Helper()
	var all []Invitation
	c.Must(c.Call("POST", "invitations", map[string]any{"emails": emails, "role": role}), 200, &all)
	byAddress := map[string]Invitation{}
	for _, one := range all {
		byAddress[one.Email] = one
	}
	return byAddress
}

// InviteSomebody invites somebody with a message, and gives the id of the invitation.
func (c *Client) InviteSomebody(message string) string {
	c.Instance.T.Helper()
	var all []Invitation
	c.Must(c.Call("POST", "invitations", map[string]any{"emails": []string{"guest@umbrella.test"}, "role": "viewer",
		"message": message + " <script>alert(1)</script>"}), 200, &all)
	return all[0].ID
}

// Accept joins by a token, as the client or with a new account.
func (c *Client) Accept(token string, newcomer map[string]string) Reply {
	c.Instance.T.Helper()
	if newcomer == nil {
		return c.Call("POST", "invitations/"+token+"/accept", nil)
	}
	return c.Call("POST", "invitations/"+token+"/accept", newcomer)
}
