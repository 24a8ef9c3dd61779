# Two stages: the program is static, so the image holds it and the certificates
# that it needs to talk to Slack, and nothing else.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# With .git beside it, the program knows its version and commit: "supporty version".
RUN CGO_ENABLED=0 go build -buildvcs=true -trimpath -o /supporty ./cmd/supporty

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /supporty /supporty
USER 65534:65534
ENV SUPPORTY_MODE=production SUPPORTY_HTTP_ADDR=:9090 SUPPORTY_LOG_FORMAT=json
EXPOSE 9090
ENTRYPOINT ["/supporty"]
CMD ["serve"]
