
=pod

=head1 NAME

RawSession - a client that says each message of PostgreSQL's protocol by itself

=head1 SYNOPSIS

  use RawSession;

  my $session = RawSession->new($node, 'postgres');
  my $answer = $session->query('SELECT 1; SELECT 2');          # one message
  my $answer = $session->extended('SELECT $1::text', ['a']);   # Parse, Bind, Execute, Sync
  print $answer->{error}{M};
  $session->close;

=head1 DESCRIPTION

psql takes a text apart into statements, and has no way to bind parameters. An answer is a
hash: C<error>, the fields of the error by their letters, or undef; C<notices>, a list of
the same; C<rows>, a list of lists. An error that ends the session ends the answer.

=cut

package RawSession;

use strict;
use warnings;

use IO::Socket::UNIX;

sub new
{
	my ($class, $node, $db) = @_;
	my $path = $node->host . '/.s.PGSQL.' . $node->port;
	my $socket = IO::Socket::UNIX->new(Peer => $path) or die "$path: $!";
	my $self = bless { socket => $socket }, $class;
	my $startup = join "\0", 'user', scalar getpwuid($<), 'database', $db, '', '';

	$socket->print(pack('NN', 8 + length $startup, 196608) . $startup);
	$socket->flush;
	my $answer = $self->read_answer;
	die $answer->{error}{M} if $answer->{error};
	return $self;
}

sub say_message
{
	my ($self, $type, $body) = @_;

	$self->{socket}->print($type . pack('N', 4 + length $body) . $body);
	return;
}

sub read_bytes
{
	my ($self, $wanted) = @_;
	my $bytes = '';

	while (length $bytes < $wanted)
	{
		$self->{socket}->read($bytes, $wanted - length $bytes, length $bytes)
		  or die 'the server has closed the connection';
	}
	return $bytes;
}

# The fields of an error or notice.
sub fields
{
	my ($body) = @_;
	return { map { (substr($_, 0, 1) => substr($_, 1)) } grep { $_ ne '' } split /\0/, $body };
}

sub read_row
{
	my ($body) = @_;
	my @row;
	my $n = unpack 'n', $body;
	my $at = 2;

	for (1 .. $n)
	{
		my $len = unpack 'l>', substr($body, $at, 4);
		push @row, $len < 0 ? undef : substr($body, $at + 4, $len);
		$at += 4 + ($len < 0 ? 0 : $len);
	}
	return \@row;
}

sub read_answer
{
	my ($self) = @_;
	my %answer = (error => undef, notices => [], rows => []);

	$self->{socket}->flush;
	while (1)
	{
		my ($type, $len) = unpack 'aN', $self->read_bytes(5);
		my $body = $len > 4 ? $self->read_bytes($len - 4) : '';

		$answer{error} = fields($body) if $type eq 'E';
		push @{ $answer{notices} }, fields($body) if $type eq 'N';
		push @{ $answer{rows} }, read_row($body) if $type eq 'D';
		return \%answer if $type eq 'Z' || ($type eq 'E' && $answer{error}{V} ne 'ERROR');
	}
}

sub query
{
	my ($self, $sql) = @_;
	$self->say_message('Q', "$sql\0");
	return $self->read_answer;
}

# Parses a statement under a name, which may be empty.
sub parse
{
	my ($self, $name, $sql) = @_;
	$self->say_message('P', "$name\0$sql\0" . pack('n', 0));
	$self->say_message('S', '');
	return $self->read_answer;
}

# Says to run a parsed statement, $rows rows at a time and then the rest; 0 is all at once.
sub say_run
{
	my ($self, $name, $parameters, $rows) = @_;
	my @values = map { defined $_ ? pack('N', length $_) . $_ : pack('l>', -1) } @$parameters;

	$self->say_message('B', "\0$name\0" . pack('nn', 0, scalar @values) . join('', @values) . pack('n', 0));
	$self->say_message('E', "\0" . pack('N', $rows)) if $rows;
	$self->say_message('E', "\0" . pack('N', 0));
	$self->say_message('S', '');
	return;
}

# The same, and reads the answer.
sub run
{
	my ($self, @statement) = @_;

	$self->say_run(@statement);
	return $self->read_answer;
}

sub extended
{
	my ($self, $sql, $parameters) = @_;

	$self->say_message('P', "\0$sql\0" . pack('n', 0));
	return $self->run('', $parameters, 0);
}

sub close
{
	my ($self) = @_;
	local $SIG{PIPE} = 'IGNORE';	# the server may have closed it
	$self->say_message('X', '');
	$self->{socket}->close;
	return;
}

1;
