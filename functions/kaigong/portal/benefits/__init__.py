"""Benefits without application: the policies, what a packet gets, what a department is to pay."""
