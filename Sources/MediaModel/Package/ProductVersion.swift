/// What `--version` of both programs prints first and packages carry as provenance.
package let productVersion = "0.1.0"
