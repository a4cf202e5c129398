
=pod

=head1 NAME

GaiopsSessions - many sessions at once, each a psql; see sessions() of GaiopsTest

=cut

package GaiopsSessions;

use strict;
use warnings;

use POSIX qw(WNOHANG);
use PostgreSQL::Test::Utils;
use Time::HiRes qw(sleep time);

sub start
{
	my ($class, $node, $n, $sql, %options) = @_;
	my $self = bless { node => $node, sessions => [] }, $class;
	my $directory = PostgreSQL::Test::Utils::tempdir();

	foreach my $number (1 .. $n)
	{
		my $file = "$directory/$number";
		PostgreSQL::Test::Utils::append_to_file("$file.sql",
			ref $sql ? $sql->($number) : $sql);
		my $pid = fork // die "fork: $!";
		run_psql($node, $number, $file, %options) if !$pid;
		push @{ $self->{sessions} },
		  { number => $number, pid => $pid, file => $file, begin => time };
	}
	return $self;
}

# In the child: become psql.
sub run_psql
{
	my ($node, $number, $file, %options) = @_;
	my $connection = $node->connstr($options{db} // 'postgres')
	  . " application_name='session $number'";

	$connection .= " user='$options{user}'" if $options{user};
	open STDIN, '<', "$file.sql";
	open STDOUT, '>', "$file.out";
	open STDERR, '>', "$file.err";
	exec($node->installed_command('psql'), '-XAtq', '-v', 'ON_ERROR_STOP=1',
		'-d', $connection, '-f', '-')
	  or POSIX::_exit(127);
}

# Take note of the sessions that have ended; return how many have not.
sub running
{
	my ($self) = @_;
	my $running = 0;

	foreach my $session (@{ $self->{sessions} })
	{
		next if defined $session->{rc};
		if (waitpid($session->{pid}, WNOHANG) == 0)
		{
			$running++;
			next;
		}
		$session->{rc} = ($? & 127) ? -1 : $? >> 8;
		$session->{seconds} = time - $session->{begin};
	}
	return $running;
}

sub finish
{
	my ($self, $seconds) = @_;
	my $deadline = time + $seconds;

	sleep 0.01 while $self->running && time < $deadline;
	foreach my $session (grep { !defined $_->{rc} } @{ $self->{sessions} })
	{
		$session->{timed_out} = 1;
		kill 'KILL', $session->{pid};
	}
	sleep 0.01 while $self->running;
	return map { result_of($_) } @{ $self->{sessions} };
}

sub result_of
{
	my ($session) = @_;
	my %result = map { $_ => $session->{$_} } qw(number rc seconds timed_out);

	foreach my $what (qw(out err))
	{
		$result{$what} = PostgreSQL::Test::Utils::slurp_file("$session->{file}.$what");
		chomp $result{$what};
	}
	return \%result;
}

sub backends
{
	my ($self) = @_;

	return split /\n/, $self->{node}->safe_psql('postgres',
		"SELECT pid FROM pg_catalog.pg_stat_activity WHERE application_name ~ '^session [0-9]+\$'");
}

1;
