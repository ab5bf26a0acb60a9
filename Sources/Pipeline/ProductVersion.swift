/// What `--version` prints first and packages carry as provenance.
package let productVersion = "0.1.0"
