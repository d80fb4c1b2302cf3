// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// newCertificate makes a certificate that has signed itself, so that it is also
// what a client has to trust. It is for this machine, and for the host that is
// advertised besides, if any. Its key is never stored.
func newCertificate(advertised string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: "Simulated Kafka broker"},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.AddDate(1, 0, 0),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		DNSNames:     []string{"localhost"},
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA:         true, BasicConstraintsValid: true,
	}
	if ip := net.ParseIP(advertised); ip != nil {
		template.IPAddresses = append(template.IPAddresses, ip)
	} else if advertised != "" {
		template.DNSNames = append(template.DNSNames, advertised)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}

// Roots is what a client has to trust. The real service needs no such thing:
// its certificate is of a public authority.
func (b *Broker) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(b.certificate.Leaf)
	return pool
}

// Certificate is the same as a PEM file.
func (b *Broker) Certificate() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b.certificate.Leaf.Raw})
}
